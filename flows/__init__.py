"""Prefect flows: order only; one file, one deployment."""
