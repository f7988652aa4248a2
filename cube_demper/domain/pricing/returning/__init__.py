"""Taking back what the bot changed within the last hour, inside the floors of now."""
