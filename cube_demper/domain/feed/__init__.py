"""The store's own price list in Kaspi's format: a secret address, the whole assortment, uploaded lists."""
