"""The models behind the Protocols of `ports`."""
