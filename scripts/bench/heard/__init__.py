"""Who is heard: truth, sounds, systems and clips of the hearing bench."""
