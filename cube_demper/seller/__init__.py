"""The seller's app: its frame and its pages."""
