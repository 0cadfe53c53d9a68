"""Amending a published plan: what the next version is, what it changes in a workflow that runs, and what it may not change."""
