"""Plans and what they allow."""
