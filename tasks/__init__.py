"""Prefect tasks: one effect each, with retries and timeouts."""
