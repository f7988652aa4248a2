"""TipTopPay, which takes cards: its API, signatures and webhooks (INTEGRATIONS.md B)."""
