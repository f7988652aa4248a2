"""Engine, transactions, column types and the outbox. No business in here."""
