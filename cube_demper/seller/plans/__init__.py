"""The seller's plan around every page: its line in the frame, and what it lacks."""
