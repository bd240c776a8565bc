"""Every message a person reads, in every language it is spoken in."""
