"""Changing the key that encrypts columns."""
