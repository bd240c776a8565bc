"""One running day: a source heard call after call, shown and kept."""
