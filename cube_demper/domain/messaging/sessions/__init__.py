"""The seller's numbers in WhatsApp: connecting by QR or code, their health, what they are told."""
