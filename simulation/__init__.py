"""Seeded units and the replay of a plan, over the services and without Prefect."""
