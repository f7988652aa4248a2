"""Kaspi: the shop window (public) and the merchant cabinet. Facts: KASPI.md §1, §2 and §5."""
