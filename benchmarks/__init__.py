"""Measurements beside a floor taken in the same run; figures, not timed tests."""
