"""The pure stages: no clock, no thread, no file, no model."""
