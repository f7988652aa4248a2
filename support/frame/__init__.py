"""What stands around every page of a signed-in support person."""
