"""The partners' app: what their links bring and what that earns."""
