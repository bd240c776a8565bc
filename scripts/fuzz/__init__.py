"""Untrusted input by the thousand, and processes killed at any moment: what must never crash, hang, swell or tear."""
