"""Quality assurance: a folder of recorded calls becomes a place to work."""
