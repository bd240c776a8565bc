"""voicecare: a kind colleague on the line."""

__version__ = "0.1.0"
