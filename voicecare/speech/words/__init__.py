"""What was said? Which stretches are recognised, what is believed of it, and what it means."""
