"""Who hears a call: voicecare's own chains, and what others make of the same sound."""
