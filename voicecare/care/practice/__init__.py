"""Practice: a made-up caller, or a recorded one, who waits for the agent's turn and minds how it is taken."""
