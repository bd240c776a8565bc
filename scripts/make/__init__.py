"""What is made once and kept: the sounds that ship or are tested with, and the lists and pages of the documentation."""
