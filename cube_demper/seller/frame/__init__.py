"""What stands around every signed-in page: stores, bot's pulse, notifications, account."""
