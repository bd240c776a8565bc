"""How what was told is compared with what is true, and with other systems."""
