"""Unit economics: what a sale leaves."""
