"""What a store's rivals are like: how often they answer, how fast, down to where."""
