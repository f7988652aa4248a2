"""The talk with support: what a person writes, who answers it and how soon, and what came of it."""
