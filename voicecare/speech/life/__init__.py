"""What a call's sound says about the call itself: it rings, two people talk, one of them waits, it is over."""
