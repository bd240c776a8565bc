"""One bench a question: run one to get the figures its page shows."""
