"""What an operator can switch off for everybody in an incident."""
