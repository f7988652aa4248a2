"""Unit economics: what a sale leaves, and at which prices it leaves what the seller wants."""
