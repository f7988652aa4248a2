"""What a price being typed would leave: «прибыль 1 240 ₸ · 8,4 %»."""
