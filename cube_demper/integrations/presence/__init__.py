"""Who is at a chat right now: kept in Redis for seconds, never stored."""
