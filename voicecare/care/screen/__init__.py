"""The windows of care; only these modules of it know Qt."""
