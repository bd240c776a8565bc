"""Recordings in and out: any container, both legs, as hops."""
