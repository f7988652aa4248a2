"""What sellers are told of their prices: at the floor, first place lost, a price not on the window."""
