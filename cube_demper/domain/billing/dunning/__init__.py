"""What happens around the end of a paid period: reminders, retries, grace, the safe landing."""
