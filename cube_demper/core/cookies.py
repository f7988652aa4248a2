"""Reading one cookie out of a `Cookie` header, the way browsers write it."""

from __future__ import annotations


def find_cookie(header: str, name: str) -> str | None:
    """Return the value of the cookie `name`, or None. A malformed neighbour hides nothing."""
    for pair in header.split(";"):
        key, separator, value = pair.strip().partition("=")
        if separator and key == name:
            return value.strip('"') or None
    return None
