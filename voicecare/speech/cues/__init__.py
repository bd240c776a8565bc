"""What does the agent see? When a cue shows, why, and when it clears."""
