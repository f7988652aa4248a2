"""Repricing: the decision, its memory, the queue of sends."""
