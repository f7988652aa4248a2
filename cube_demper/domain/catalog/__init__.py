"""Stores' goods: products, bounds, availability, city prices."""
