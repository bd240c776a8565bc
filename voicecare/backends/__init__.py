"""The models behind the Protocols of `types`."""
