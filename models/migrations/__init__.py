"""Migrations, one file a change; the file names tell the story in order."""
