"""What every calculator's page offers for its answer: copy, print, keep, share, a file."""
