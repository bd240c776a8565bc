"""The heads that ship, trained on data that may ship."""
