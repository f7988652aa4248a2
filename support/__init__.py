"""The support people's app: chats with sellers, what is known of each, how answers come."""
