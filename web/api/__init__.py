"""The API: one module a subject; each exposes ``router`` and is found by `web.app`."""
