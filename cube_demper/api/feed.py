"""`/feed/{secret}.xml`: the store's price list for Kaspi, written to disk first and then sent.

Nothing is sent before the whole file is known to be fit: a short one would clear the shop window.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from email.utils import format_datetime
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from structlog import get_logger

from cube_demper import bootstrap
from cube_demper.api.requests import visitor_of
from cube_demper.core.ids import token_hash
from cube_demper.domain.accounts.errors import LimitsUnavailable
from cube_demper.domain.feed import service as feed
from cube_demper.domain.feed.errors import FeedNotFound, FeedRefused
from cube_demper.domain.feed.publishing import PriceFile
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.integrations.kaspi.pricelist import writing

ASKED_AN_HOUR = 30
"""Kaspi asks about once an hour (KASPI.md §6); a seller may look, too."""
_WRONG_A_QUARTER = 30
_HOUR, _QUARTER = timedelta(hours=1), timedelta(minutes=15)
_IN_MEMORY = 1 << 20
_PIECE = 1 << 18
_AT_ONCE = asyncio.Semaphore(2)
"""Files in the making in one process: each costs a core for some seconds."""
_log = get_logger()


def feed_routes() -> APIRouter:
    """Return the route of price lists."""
    router = APIRouter()
    router.add_api_route("/feed/{name}", give_file, methods=["GET"])
    return router


async def give_file(name: str, request: Request) -> Response:
    """Give the file, 304 when the caller has it, 503 with the reason rather than a short one."""
    token = name.removesuffix(".xml")
    if refusal := await _over_limit(token):
        return refusal
    try:
        async with _AT_ONCE:
            return await _make(request, token)
    except FeedNotFound as error:
        return await _unknown(request, error)
    except FeedRefused as error:
        _log.warning("feed_refused", why=error.message)
        return _plain(error.message, HTTPStatus.SERVICE_UNAVAILABLE, retry_after=900)


async def _make(request: Request, token: str) -> Response:
    services = bootstrap.web()
    kaspi = services.settings.kaspi
    limits = feed.PriceLimits(kaspi.min_price_tenge, kaspi.max_fall_percent)
    agent = request.headers.get("user-agent", "")
    now = services.clock.now()
    file = await feed.open_file(services.db, token, now, limits, user_agent=agent)
    body: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by the answer
    try:
        digest = await _write(file, body)
        await feed.check_whole(services.db, file)
    except BaseException:
        body.close()
        raise
    changed_at = now if digest != file.feed.digest else file.feed.changed_at or now
    tag = f'"{digest[:32]}"'
    is_unchanged = tag in request.headers.get("if-none-match", "")

    async def delivered() -> None:
        await feed.delivered(
            services.db, file, services.clock.now(), digest=digest, is_unchanged=is_unchanged
        )

    async def broken() -> None:
        await feed.broken(services.db, file, services.clock.now())

    head = writing.head(file.store.terms.merchant_id, file.store.name, changed_at)
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(changed_at, usegmt=True),
        "Cache-Control": "private, no-cache",
    }
    return _File(head, body, headers, is_unchanged=is_unchanged, delivered=delivered, broken=broken)


async def _write(file: PriceFile, body: IO[bytes]) -> str:
    """Write the offers; return what tells one content from another, whatever its date."""
    terms = file.store.terms
    digest = hashlib.sha256(f"{terms.merchant_id}\n{file.store.name}\n".encode())
    async for found in feed.offers(bootstrap.web().db, file):
        piece = writing.offers(found)
        digest.update(piece)
        body.write(piece)
    return digest.hexdigest()


class _File(Response):
    """Sends the file and says whether it left whole."""

    media_type = "application/xml; charset=utf-8"

    def __init__(
        self,
        head: bytes,
        body: IO[bytes],
        headers: dict[str, str],
        *,
        is_unchanged: bool,
        delivered: Callable[[], Awaitable[None]],
        broken: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(status_code=304 if is_unchanged else 200, headers=headers)
        self._pieces = _pieces(head, body) if not is_unchanged else iter(())
        self._delivered, self._broken = delivered, broken
        self._body = body
        if is_unchanged:
            del self.headers["content-length"]
        else:
            size = len(head) + body.seek(0, 2) + len(writing.TAIL)
            self.headers["content-length"] = str(size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        gone = asyncio.create_task(_until_gone(receive))
        try:
            with self._body:
                await self._send_all(send, gone)
        except OSError:
            await self._broken()
        finally:
            gone.cancel()

    async def _send_all(self, send: Send, gone: asyncio.Task[None]) -> None:
        """Send everything; its end leaves only when what it carried is written down.

        A caller that has the whole file so finds its changes `sent`; without the end it is no XML.
        """
        start = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }
        if self.status_code == HTTPStatus.OK:
            await send(start)
            for piece in self._pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                if gone.done():
                    raise ConnectionResetError
            await self._delivered()
            await send({"type": "http.response.body", "body": writing.TAIL})
        else:
            await self._delivered()
            await send(start)
            await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def _pieces(head: bytes, body: IO[bytes]) -> Iterator[bytes]:
    yield head
    body.seek(0)
    while piece := body.read(_PIECE):
        yield piece


async def _over_limit(token: str) -> Response | None:
    """Count by address, so that one that is known to too many costs no more than one that is not."""
    return await _count(f"attempts:feed:{token_hash(token).hex()[:32]}", ASKED_AN_HOUR, _HOUR)


async def _unknown(request: Request, error: FeedNotFound) -> Response:
    visitor = visitor_of(request.scope, bootstrap.web().settings)
    over = await _count(f"attempts:feed:unknown:{visitor.ip}", _WRONG_A_QUARTER, _QUARTER)
    return over or _plain(error.message, HTTPStatus.NOT_FOUND)


async def _count(key: str, limit: int, window: timedelta) -> Response | None:
    services = bootstrap.web()
    try:
        wait = await RedisAttempts(services.redis).hit(key, limit, window, services.clock.now())
    except LimitsUnavailable as error:
        return _plain(error.message, HTTPStatus.SERVICE_UNAVAILABLE, retry_after=60)
    if wait is None:
        return None
    text = "Прайс-лист запрашивают слишком часто."
    seconds = int(wait.total_seconds()) + 1
    return _plain(text, HTTPStatus.TOO_MANY_REQUESTS, retry_after=seconds)


def _plain(text: str, status: HTTPStatus, *, retry_after: int = 0) -> Response:
    headers = {"Cache-Control": "no-store"}
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    return PlainTextResponse(f"{text}\n", status, headers=headers)
