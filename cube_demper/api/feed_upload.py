"""`POST /api/feed/list`: a seller's price list, streamed to disk under a cap and read in a thread."""

from __future__ import annotations

import asyncio
from tempfile import SpooledTemporaryFile

from fastapi import APIRouter, Depends, Request

from cube_demper import bootstrap
from cube_demper.api.session import Seller, from_our_page
from cube_demper.api.uploads import file_name, receive
from cube_demper.domain.feed import service as feed
from cube_demper.domain.feed.schemas import MOST_BYTES
from cube_demper.integrations.kaspi.pricelist.reading import read_list

_IN_MEMORY = 2**20
_AT_ONCE = asyncio.Semaphore(1)
"""Lists read in one process: reading a big one keeps a core busy for some seconds."""


def upload_routes() -> APIRouter:
    """Return the route of uploads."""
    router = APIRouter(prefix="/api/feed", dependencies=[Depends(from_our_page)])
    router.add_api_route("/list", take_list, methods=["POST"], status_code=201)
    return router


async def take_list(request: Request, seller: Seller) -> dict[str, str]:
    """Read an uploaded list and keep it until its seller agrees to it."""
    services = bootstrap.web()
    with SpooledTemporaryFile(_IN_MEMORY) as body:
        await receive(request, body, MOST_BYTES)
        async with _AT_ONCE:
            found = await asyncio.to_thread(read_list, body)
    name = file_name(request) or "прайс-лист"
    async with services.db.write() as tx:
        saved = await feed.save_upload(tx, seller, name, found, services.clock.now())
    return {"id": str(saved)}
