"""The pages of quality assurance, on this machine's loopback alone: find a call, hear it, say what is right."""
