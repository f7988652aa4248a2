"""Random identifiers and tokens."""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID, uuid4

from cube_demper.core.errors import InvalidInput


def new_id() -> UUID:
    """Return a random UUID (version 4)."""
    return uuid4()


def new_token() -> str:
    """Return an unguessable URL-safe token of 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Return what is stored instead of a token: SHA-256, enough for a random secret of 256 bits."""
    return hashlib.sha256(token.encode()).digest()


def find_id(text: str) -> UUID | None:
    """Read an id of an address; nonsense is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_id(text: str, message: str = "Данные устарели. Обновите страницу.") -> UUID:
    """Read an id that a page of ours sends back. Raises InvalidInput with `message`."""
    found = find_id(text)
    if found is None:
        raise InvalidInput(message)
    return found
