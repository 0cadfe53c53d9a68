"""Ways out: what carries a message to a person, and what came of it."""
