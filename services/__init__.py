"""Use cases: load, decide, save. A service owns its one transaction."""
