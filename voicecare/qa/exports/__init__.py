"""Calls in the formats of other tools: written here, read back in the tests by the libraries that own them."""
