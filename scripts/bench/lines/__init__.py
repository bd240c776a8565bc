"""What a telephone line does to a voice."""
