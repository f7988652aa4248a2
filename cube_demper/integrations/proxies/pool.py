"""The egress pool: direct or proxies, one long-lived HTTP client each, with health and cool-down.

Which egress a request takes is chosen by the limits, from `candidates`; bans and breakers live there.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cube_demper.core.clock import Clock
from cube_demper.core.errors import InvalidInput
from cube_demper.integrations.proxies.egress_client import Client, EgressClient

DIRECT = "direct"
_LONGEST_COOL_DOWN = timedelta(seconds=60)
_SCHEMES = {"http", "https"}


@dataclass(slots=True)
class Health:
    """How an egress fared since this process knows it."""

    ok: int = 0
    errors: int = 0
    consecutive_errors: int = 0
    last_ok_at: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    cool_until: datetime | None = None


@dataclass(slots=True)
class Egress:
    """One address that requests leave from; `label` may be shown, `key` is the same everywhere."""

    key: str
    label: str
    client: Client
    url: str | None = field(default=None, repr=False)
    health: Health = field(default_factory=Health)
    in_flight: int = 0
    is_retired: bool = False


class EgressPool:
    """Egresses by key. Clients are made once: a handshake per request was the first version's price."""

    def __init__(
        self,
        urls: Sequence[str | None] = (None,),
        *,
        clock: Clock,
        client: Callable[[str | None], Client] = EgressClient,
    ) -> None:
        """`urls`: proxies as `http://user:password@host:port`, None for direct. `client`: tests."""
        self._clock = clock
        self._client = client
        self._egresses: dict[str, Egress] = {}
        for url in urls or (None,):
            self._add(url)

    def candidates(self, sticky: str | None = None) -> tuple[str, ...]:
        """Return the keys to choose from; those that cool down only when all of them do.

        `sticky` orders them so that the same text meets the same egress first.
        """
        now = self._clock.now()
        every = self._egresses.values()
        rested = [e.key for e in every if not e.health.cool_until or e.health.cool_until <= now]
        keys = rested or [egress.key for egress in every]
        if sticky is not None and len(keys) > 1:
            keys.sort(key=lambda key: hashlib.sha256(f"{sticky}/{key}".encode()).digest())
        return tuple(keys)

    def egresses(self) -> tuple[Egress, ...]:
        """Return all egresses in use, for the operator's page."""
        return tuple(self._egresses.values())

    @asynccontextmanager
    async def using(self, key: str) -> AsyncIterator[Egress]:
        """Lend an egress; one that was replaced meanwhile is closed by its last user.

        Raises KeyError for one that is gone already.
        """
        egress = self._egresses[key]
        egress.in_flight += 1
        try:
            yield egress
        finally:
            egress.in_flight -= 1
            if egress.is_retired and not egress.in_flight:
                await egress.client.aclose()

    def worked(self, egress: Egress) -> None:
        """Note an answer of the vendor, whatever its status."""
        egress.health.ok += 1
        egress.health.consecutive_errors = 0
        egress.health.last_ok_at = self._clock.now()
        egress.health.cool_until = None

    def failed(self, egress: Egress, error: str) -> None:
        """Note a failure of the way there: the egress rests 2, 4, 8 … 60 s."""
        health = egress.health
        now = self._clock.now()
        health.errors += 1
        health.consecutive_errors += 1
        health.last_error, health.last_error_at = error, now
        rest = timedelta(seconds=2.0 ** min(health.consecutive_errors, 6))
        health.cool_until = now + min(rest, _LONGEST_COOL_DOWN)

    async def replace(self, urls: Sequence[str | None]) -> None:
        """Take another list of egresses; those that stay keep their connections and health."""
        wanted = {_key(url): url for url in urls or (None,)}
        gone = [egress for key, egress in self._egresses.items() if key not in wanted]
        for key, url in wanted.items():
            if key not in self._egresses:
                self._add(url)
        for egress in gone:
            del self._egresses[egress.key]
            egress.is_retired = True
            if not egress.in_flight:
                await egress.client.aclose()

    async def aclose(self) -> None:
        """Close every client."""
        for egress in self._egresses.values():
            await egress.client.aclose()

    def _add(self, url: str | None) -> None:
        key = _key(url)
        self._egresses[key] = Egress(key=key, label=_label(url), client=self._client(url), url=url)


def _key(url: str | None) -> str:
    """Name an egress alike in every process, without its password in Redis or in a log."""
    return DIRECT if url is None else hashlib.sha256(url.encode()).hexdigest()[:16]


def _label(url: str | None) -> str:
    if url is None:
        return DIRECT
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = None, None
    if parts is None or parts.scheme not in _SCHEMES or not parts.hostname or port is None:
        raise InvalidInput("Прокси записывается так: http://логин:пароль@адрес:порт")
    return f"{parts.hostname}:{port}"
