"""Limits shared by every process through Redis: windows, shares, bans and breakers (DESIGN §5)."""
