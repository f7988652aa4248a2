"""The session cookie's name, and reading one cookie the way browsers write the header."""

from __future__ import annotations

from cube_demper.core.settings import CubeApp, Settings


def find_cookie(header: str, name: str) -> str | None:
    """Return the value of the cookie `name`, or None. A malformed neighbour hides nothing."""
    for pair in header.split(";"):
        key, separator, value = pair.strip().partition("=")
        if separator and key == name:
            return value.strip('"') or None
    return None


def session_cookie(settings: Settings, app: CubeApp) -> str:
    """Return the name of an app's session cookie; `__Host-` makes browsers refuse it from elsewhere."""
    return f"__Host-cube_{app}" if settings.is_production else f"cube_{app}"
