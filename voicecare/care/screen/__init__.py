"""What care shows in windows; each is gone at once when a call comes."""
