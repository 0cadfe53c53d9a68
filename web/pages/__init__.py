"""Pages: one module a page or subject; each exposes ``router`` and is found by `web.app`."""
