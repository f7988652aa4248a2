"""Messages to buyers over WhatsApp: sessions of the seller's numbers, the send gate, what buyers write."""
