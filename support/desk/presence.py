"""Who else looks at a chat or writes in it, as the page says it."""
