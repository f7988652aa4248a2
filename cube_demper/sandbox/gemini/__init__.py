"""A Gemini over HTTP that answers in form, and obeys whatever anybody tells it (INTEGRATIONS.md C.3)."""
