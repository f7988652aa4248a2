"""The lawyer: laws by edition and article, and how a question finds the articles that answer it."""
