"""What QA sees: numbers first, then faces."""
