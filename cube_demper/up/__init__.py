"""`cube up`: everything that exists, on this machine, as children of one process."""
