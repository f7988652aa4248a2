"""What rivals ask for a card in a city."""
