"""Who should know what, under which stable key, and how it is written and sent."""
