"""The rules: definitions, statuses, the transition table, deadlines. Standard library only; no clock, no I/O."""
