"""Gemini over Google's own SDK (INTEGRATIONS.md C)."""
