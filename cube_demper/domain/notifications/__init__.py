"""Messages to people: in the app and by letter."""
