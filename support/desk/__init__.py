"""The place where chats are answered: the list, the open chat, the customer's card."""
