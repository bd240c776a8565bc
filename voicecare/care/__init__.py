"""What looks after the agent: between calls, before and after the shift; nobody else's business."""
