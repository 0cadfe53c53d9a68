"""Settings, clock and construction: the only room that reads the environment."""
