"""The house rules as checks."""
