"""Pages, API, templates and static files: parse, call, render."""
