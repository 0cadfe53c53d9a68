"""Queries for pages, one file a page. Each goes through `models.visible` and gives rows, never labels of its own making."""
