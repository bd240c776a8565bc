"""One call from two streams: hops, sample rates, clocks and their drift."""
