"""Calls built from recorded voices, with the truth known."""
