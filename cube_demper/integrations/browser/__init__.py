"""A farm of browsers, and the sign-in to Kaspi in one of them."""
