"""Our Telegram bot: short messages to sellers, and the `/start …` that tells whose chat it is."""
