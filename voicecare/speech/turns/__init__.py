"""Who has the floor? Utterances, and what happens between the parties."""
