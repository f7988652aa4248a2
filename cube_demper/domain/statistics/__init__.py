"""The product in figures, for the operator: money, people, goods, prices, errors, the machine."""
