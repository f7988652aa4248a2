"""`/api/whatsapp`: files that sellers send to buyers, and those that buyers sent."""

from __future__ import annotations

import io
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from cube_demper import bootstrap
from cube_demper.api.session import Seller, from_our_page
from cube_demper.api.uploads import file_name, receive
from cube_demper.core.errors import IntegrationError, NotFound
from cube_demper.domain.messaging.inbox import files
from cube_demper.domain.messaging.inbox.file_types import MOST_BYTES
from cube_demper.integrations.waha.media import read_media

_SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""What a browser may show as a picture; anything else is only saved, whatever its sender calls it."""


def message_routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/whatsapp")
    taking = [Depends(from_our_page)]
    router.add_api_route("/files", add_file, methods=["POST"], status_code=201, dependencies=taking)
    router.add_api_route("/media/own/{file_id}", own_file, methods=["GET"])
    router.add_api_route("/media/{message_id}", received_file, methods=["GET"])
    return router


async def add_file(request: Request, seller: Seller) -> dict[str, str]:
    """Keep a file that will go with a message."""
    body = io.BytesIO()
    await receive(request, body, MOST_BYTES)
    services = bootstrap.web()
    async with services.db.write() as tx:
        file_id = await files.add(
            tx, seller, file_name(request), body.getvalue(), services.clock.now(),
            secrets=services.secrets,
        )  # fmt: skip
    return {"id": str(file_id)}


async def own_file(file_id: UUID, seller: Seller) -> Response:
    """Give a file that the seller sends or has sent."""
    services = bootstrap.web()
    try:
        async with services.db.read() as tx:
            name, mimetype, content = await files.take(
                tx, seller, file_id, services.clock.now(), secrets=services.secrets
            )
    except NotFound as error:
        return JSONResponse({"message": error.message}, 404)
    return _file(name, mimetype, content)


async def received_file(message_id: UUID, seller: Seller) -> Response:
    """Give a file that came with a buyer's message, as long as WAHA has it."""
    services = bootstrap.web()
    try:
        async with services.db.read() as tx:
            found = await files.find_received(tx, seller, message_id)
        content = await read_media(services.settings.waha, found.path)
    except (NotFound, IntegrationError) as error:
        return JSONResponse({"message": error.message}, 404)
    return _file(found.name or "whatsapp", found.mimetype, content)


def _file(name: str, mimetype: str, content: bytes) -> Response:
    is_shown = mimetype in _SHOWN
    how = "inline" if is_shown else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename=\"file\"; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "private, max-age=3600",
    }
    media_type = mimetype if is_shown else "application/octet-stream"
    return Response(content, media_type=media_type, headers=headers)
