"""People: users, sessions, who may do what."""
