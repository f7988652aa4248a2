"""Who is at a chat with support now, for the pages of both sides."""

from __future__ import annotations

from functools import cache

from cube_demper import bootstrap
from cube_demper.integrations.presence.client import Presence


@cache
def presence() -> Presence:
    """Return it for this web process."""
    return Presence(bootstrap.web().redis, bootstrap.EVENTS_CHANNEL)
