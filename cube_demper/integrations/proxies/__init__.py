"""Egresses: the addresses that requests leave from."""
