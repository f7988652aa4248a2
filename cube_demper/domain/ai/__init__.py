"""What the AI staff share: asking a language model within a plan's tokens, checked and logged."""
