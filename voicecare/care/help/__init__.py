"""Why voicecare asks what it asks: the practices behind the cues as one short page, and whom to talk to."""
