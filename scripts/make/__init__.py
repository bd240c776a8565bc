"""The sounds that ship or are tested with."""
