"""The pages of the partner app: each package's `PAGE` is found by name."""
