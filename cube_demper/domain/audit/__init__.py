"""What people and processes did, for whoever has to find out later."""
