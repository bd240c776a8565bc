"""A night's work: calls are found, queued in the store, heard by an engine, and kept."""
