"""Counting tries in Redis, the same count for every process."""
