"""What goods cost the seller: by hand, from a file, or by batches. A missing cost is missing, never 0."""
