"""Files for paper."""
