"""A WAHA of 2026.9.2 on GOWS after INTEGRATIONS.md A, and the people at the other end of it."""
