"""The benches, trainings and makers of voicecare: every figure in its documents comes from here."""
