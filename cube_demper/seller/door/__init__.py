"""What the pages of signing in, signing up and recovery share."""
