"""The devices of this machine: which there are, which two are heard, and a process that hears them."""
