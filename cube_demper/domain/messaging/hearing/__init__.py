"""What WhatsApp tells us: what buyers write, how far our messages came, what was typed on the phone."""
