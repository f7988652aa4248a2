"""`POST /api/feed/list`: a seller's price list, streamed to disk under a cap and read in a thread."""

from __future__ import annotations

import asyncio
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Request
from starlette.requests import ClientDisconnect

from cube_demper import bootstrap
from cube_demper.api.session import from_our_page
from cube_demper.core.cookies import find_cookie, session_cookie
from cube_demper.core.errors import PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.feed import service as feed
from cube_demper.domain.feed.errors import BadPriceList
from cube_demper.integrations.kaspi.pricelist.reading import read_list

MOST_BYTES = 64 * 1024 * 1024
"""A list of 60,000 goods with prices in three cities has 33 MB (tests/benchmarks/long_price_list.py)."""
_IN_MEMORY = 1 << 20
_AT_ONCE = asyncio.Semaphore(1)
"""Lists read in one process: reading a big one keeps a core busy for some seconds."""


def upload_routes() -> APIRouter:
    """Return the route of uploads."""
    router = APIRouter(prefix="/api/feed", dependencies=[Depends(from_our_page)])
    router.add_api_route("/list", take_list, methods=["POST"])
    return router


async def take_list(request: Request) -> dict[str, str]:
    """Read an uploaded list and keep it until its seller agrees to it; `X-File-Name` is its name."""
    actor = await _seller(request)
    services = bootstrap.web()
    name = unquote(request.headers.get("x-file-name", "")) or "прайс-лист"
    with SpooledTemporaryFile(_IN_MEMORY) as body:
        await _receive(request, body)
        async with _AT_ONCE:
            found = await asyncio.to_thread(read_list, body)
    async with services.db.write() as tx:
        saved = await feed.save_upload(tx, actor, name, found, services.clock.now())
    return {"id": str(saved)}


async def _receive(request: Request, body: IO[bytes]) -> None:
    size = 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > MOST_BYTES:
                raise BadPriceList(f"Файл больше {MOST_BYTES >> 20} МБ.")
            body.write(piece)
    except ClientDisconnect:
        raise BadPriceList("Файл не догрузился: попробуйте ещё раз.") from None
    body.seek(0)


async def _seller(request: Request) -> Actor:
    services = bootstrap.web()
    name = session_cookie(services.settings, CubeApp.SELLER)
    token = find_cookie(request.headers.get("cookie", ""), name)
    async with services.db.read() as tx:
        now = services.clock.now()
        found = await accounts.find_signed_in(tx, token or "", CubeApp.SELLER, now)
    if found is None or found.actor.role is not Role.USER:
        raise PermissionDenied("Войдите заново и повторите загрузку.")
    return found.actor
