"""How strained is the caller? Prosody, the heads, and the calm start it is measured from."""
