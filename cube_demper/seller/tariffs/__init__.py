"""Kaspi's tariffs as sellers choose from them."""
