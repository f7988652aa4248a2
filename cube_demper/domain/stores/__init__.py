"""Connected stores: how their bot works, whether it runs, and why it does not."""
