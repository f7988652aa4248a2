"""Replay: what a rule would have done with the market that looks recorded."""
