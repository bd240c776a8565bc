"""What must not be told? Numbers, names and codes, hidden before anything is stored or shown."""
