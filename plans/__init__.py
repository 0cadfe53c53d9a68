"""Plan packs, and the reader that turns one into a definition or into a list of all its problems."""
