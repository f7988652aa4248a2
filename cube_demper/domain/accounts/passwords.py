"""Password hashes: argon2id, off the event loop, and the same work when there is nobody to check."""

from __future__ import annotations

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's second choice for argon2id (19 MiB, 2 passes, 1 lane): a sign-in costs tens of ms of one core.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


async def hash_password(password: str) -> str:
    """Return the argon2id hash of `password`."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def password_matches(stored: str | None, password: str) -> bool:
    """Tell whether `password` fits; with nothing stored the same work is done in vain."""
    fits = await asyncio.to_thread(_verify, stored or _nobodys_hash(), password)
    return fits and stored is not None


def needs_new_hash(stored: str) -> bool:
    """Tell whether `stored` was made with older parameters."""
    return _HASHER.check_needs_rehash(stored)


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody has this password")
