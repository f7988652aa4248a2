"""One request to WAHA: key, time-outs, nothing repeated. The key is in a header and never in a log."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp
import orjson

from cube_demper.core.errors import ConfigurationError, Unreachable
from cube_demper.core.settings import WahaSettings
from cube_demper.integrations.proxies.egress_client import (
    Answer,
    Client,
    EgressClient,
    TransportFailed,
)
from cube_demper.integrations.waha.errors import error_of, json_of

_TIMEOUT = aiohttp.ClientTimeout(total=90.0, connect=5.0, sock_connect=5.0, sock_read=60.0)
"""WAHA itself waits 5 s for a session to come into the right state; a file takes a while to upload."""


class WahaGateway:
    """The way to one WAHA."""

    def __init__(self, settings: WahaSettings, http: Client | None = None) -> None:
        """Read address and key. Raises ConfigurationError. `http` is given by tests."""
        if settings.url is None or settings.password is None:
            raise ConfigurationError("WAHA_URL и WAHA_PASSWORD: нужны оба")
        self._base = settings.url.rstrip("/")
        self._headers = {
            "X-Api-Key": settings.password.get_secret_value(),
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        self._http = http or EgressClient(None, timeout=_TIMEOUT)

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send once and return the answer, whatever its status. Raises TransportFailed."""
        return await self._http.request(
            method,
            f"{self._base}{path}",
            headers=self._headers,
            params=params,
            body=None if body is None else orjson.dumps(body),
            before_first_byte=_nothing,
        )

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        params: Mapping[str, str] | None = None,
    ) -> object:
        """Send and return the parsed answer of a success.

        Raises Unreachable, CredentialsRejected, NotFound, SessionNotReady, Refused, ContractChanged.
        """
        try:
            answer = await self.send(method, path, body, params=params)
        except TransportFailed as error:
            raise Unreachable(f"WAHA не отвечает ({error.cause}).") from error
        if failure := error_of(answer):
            raise failure
        return json_of(answer)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _nothing() -> None:
    """Let every request go: WAHA has no limits of its own; the send gate keeps the pace."""
