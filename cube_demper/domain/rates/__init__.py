"""Dated figures of law and of Kaspi: what was in force on a day, from where, and how sure we are."""
