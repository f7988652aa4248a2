"""The trial: a new store's bot suggests on a few goods until the seller trusts it."""
