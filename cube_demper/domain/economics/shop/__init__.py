"""A store's economics: its conditions of sale, the margin of its goods, what orders and the bot brought."""
