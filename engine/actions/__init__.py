"""What each action does to a step, grouped by what it is about. `HANDLERS` is complete over the transition table."""
