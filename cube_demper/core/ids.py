"""Random identifiers and tokens."""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID, uuid4


def new_id() -> UUID:
    """Return a random UUID (version 4)."""
    return uuid4()


def new_token() -> str:
    """Return an unguessable URL-safe token of 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Return what is stored instead of a token: SHA-256, enough for a random secret of 256 bits."""
    return hashlib.sha256(token.encode()).digest()
