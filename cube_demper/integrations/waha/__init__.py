"""WAHA, the gateway to WhatsApp (2026.6.1 or newer, GOWS): sessions of numbers, sends and its webhooks."""
