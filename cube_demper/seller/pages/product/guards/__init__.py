"""Guards on a product's page: a fall that waits for consent, a price war and what it cost."""
