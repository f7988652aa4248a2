"""Chance that can be repeated: every draw is named, so the order of the draws does not matter."""

from __future__ import annotations

import hashlib
from random import Random


def roll(*name: object) -> Random:
    """Return the generator that belongs to this name: the same name always draws the same."""
    return Random(":".join(map(str, name)))


def hex_id(*name: object, length: int = 24) -> str:
    """Return an id of hexadecimal digits that belongs to this name."""
    return hashlib.sha256(":".join(map(str, name)).encode()).hexdigest()[:length]
