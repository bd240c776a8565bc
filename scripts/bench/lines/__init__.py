"""What a telephone line does to a voice: one simulator, `line.send`, and the lines that training and benches use."""
