"""Virtual time: a market, the limits of Kaspi and a policy that chooses what to look at."""
