"""Is somebody speaking? Each party, against noise, leak and bystanders."""
