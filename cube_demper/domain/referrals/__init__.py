"""What a seller earns by bringing friends."""
