"""A TipTopPay in test mode after INTEGRATIONS.md B: API, payment page, cards, and webhooks."""
