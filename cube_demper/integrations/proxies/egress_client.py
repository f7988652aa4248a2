"""The HTTP client of one egress: kept connections, no cookies, no redirects, no unasked repetition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp

_TIMEOUT = aiohttp.ClientTimeout(total=60.0, connect=10.0, sock_connect=10.0, sock_read=15.0)
"""The total stops an answer that drips; a read of ours is given up after 40 s anyway."""
_CONNECTIONS = 64
_KEPT_SECONDS = 60.0


class TransportFailed(Exception):
    """The network failed; `has_left` says whether the request may have arrived."""

    def __init__(self, cause: str, *, has_left: bool) -> None:
        """`cause`: the name of the failure, for logs and the operator's page."""
        super().__init__(cause)
        self.cause = cause
        self.has_left = has_left


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read whole."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """As the wire has them, any case of a name finds its value."""
    content: bytes = b""

    @property
    def text(self) -> str:
        """Return the body as text; bytes that are none are shown as such."""
        return self.content.decode("utf-8", "replace")


class Client(Protocol):
    """What the pool keeps for each egress."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        before_first_byte: Callable[[], None],
    ) -> Answer:
        """Send once and read the answer, whatever its status.

        `before_first_byte` is asked when the connection stands; what it raises is passed on, and
        nothing was sent. Raises TransportFailed.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


_before_first_byte: ContextVar[Callable[[], None]] = ContextVar("before_first_byte")


class _Request(aiohttp.ClientRequest):
    async def send(self, conn: aiohttp.connector.Connection) -> aiohttp.ClientResponse:
        _before_first_byte.get()()
        return await super().send(conn)


class EgressClient:
    """Requests through `proxy` (`http://user:password@host:port`), or directly when it is None."""

    def __init__(self, proxy: str | None, *, timeout: aiohttp.ClientTimeout = _TIMEOUT) -> None:
        """Open nothing yet: the session belongs to the loop of the first request."""
        self._proxy, self._timeout = proxy, timeout
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        before_first_byte: Callable[[], None],
    ) -> Answer:
        """See `Client.request`."""
        has_left = False

        def leave() -> None:
            nonlocal has_left
            if has_left:  # aiohttp repeats a GET by itself; the limits gave leave for one
                raise TransportFailed("ServerDisconnectedError", has_left=True)
            before_first_byte()
            has_left = True

        _before_first_byte.set(leave)
        try:
            async with self._opened().request(
                method, url, headers=headers, params=params, data=body, allow_redirects=False
            ) as response:
                return Answer(response.status, response.headers, await response.read())
        except (aiohttp.ClientError, OSError) as error:  # a TimeoutError is an OSError
            raise TransportFailed(type(error).__name__, has_left=has_left) from error

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_KEPT_SECONDS),
                # A session cookie that one seller's answer sets must never travel with another's.
                cookie_jar=aiohttp.DummyCookieJar(),
                request_class=_Request,
                proxy=self._proxy,
                timeout=self._timeout,
            )
        return self._session
