"""The operator's egress addresses."""
