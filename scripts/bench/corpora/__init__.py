"""What is measured on: labelled voices, comments and sentences."""
