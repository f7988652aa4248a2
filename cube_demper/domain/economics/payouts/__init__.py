"""Kaspi's payout reports held against our orders, line by line, with every difference named."""
