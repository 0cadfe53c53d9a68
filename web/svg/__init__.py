"""Drawings made on the server: SVG with the sheet's own classes, so that dark, print and keyboard need no second one."""
