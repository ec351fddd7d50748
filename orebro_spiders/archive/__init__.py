"""The memory: one SQLite file of what was published, changed and withdrawn."""
