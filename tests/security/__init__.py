"""Nobody gets in, nobody sees what is not theirs: generated from the application's own tables."""
