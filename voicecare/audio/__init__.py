"""Sound in: files and devices, as hops of both legs."""
