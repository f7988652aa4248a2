"""`/api/support/files`: what a person and support send each other. In the apps of both."""

from __future__ import annotations

import asyncio
import io
from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from cube_demper import bootstrap
from cube_demper.api.doors import door_of
from cube_demper.api.session import from_our_page
from cube_demper.api.uploads import file_name, receive
from cube_demper.core.cookies import find_cookie, session_cookie
from cube_demper.core.errors import NotFound, PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.support import files
from cube_demper.domain.support.file_types import MOST_BYTES, check_file
from cube_demper.domain.support.schemas import STAFF

PATH: Final = "/api/support/files"
_CHECKED_AT_ONCE = asyncio.Semaphore(2)
"""Decoding a picture takes a core and up to 200 MB."""


def support_file_routes(app: CubeApp) -> APIRouter:
    """Return the routes; `app`: whose people they are for."""
    router = APIRouter(prefix=PATH)
    allowed = frozenset({Role.USER}) if app is CubeApp.SELLER else STAFF
    who = Depends(_SignedIn(app, allowed))
    taking = [Depends(from_our_page), who]
    router.add_api_route("", add_file, methods=["POST"], status_code=201, dependencies=taking)
    router.add_api_route("/{file_id}", give_file, methods=["GET"], dependencies=[who])
    return router


class _SignedIn:
    """Lets people of one app in, and leaves who it is with the request."""

    def __init__(self, app: CubeApp, allowed: frozenset[Role]) -> None:
        self._app, self._allowed = app, allowed

    async def __call__(self, request: Request) -> None:
        """Raise PermissionDenied for anybody else."""
        services = bootstrap.web()
        name = session_cookie(services.settings, self._app)
        token = find_cookie(request.headers.get("cookie", ""), name)
        async with services.db.read() as tx:
            now = services.clock.now()
            found = await door_of(self._app).find_signed_in(tx, token, self._app, now)
        if found is None or found.actor.role not in self._allowed:
            raise PermissionDenied("Войдите заново и повторите.")
        request.state.actor = found.actor


async def _let_in(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


Person = Annotated[Actor, Depends(_let_in)]


async def add_file(request: Request, actor: Person) -> dict[str, str | int]:
    """Keep a file that will go with a message."""
    body = io.BytesIO()
    await receive(request, body, MOST_BYTES)
    async with _CHECKED_AT_ONCE:
        checked = await asyncio.to_thread(check_file, file_name(request), body.getvalue())
    services = bootstrap.web()
    async with services.db.write() as tx:
        head = await files.add(tx, actor, checked, services.clock.now(), secrets=services.secrets)
    return {"id": str(head.id), "name": head.name, "mimetype": head.mimetype, "size": head.size}


async def give_file(file_id: UUID, actor: Person) -> Response:
    """Give a file of the person's chat; to support, of any: a picture is shown, a PDF is only saved."""
    services = bootstrap.web()
    try:
        async with services.db.read() as tx:
            given = await files.take(
                tx, actor, file_id, services.clock.now(), secrets=services.secrets
            )
    except NotFound as error:
        return JSONResponse({"message": error.message}, 404)
    how = "inline" if given.mimetype.startswith("image/") else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename=\"file\"; filename*=UTF-8''{quote(given.name)}",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=3600",
    }
    return Response(given.content, media_type=given.mimetype, headers=headers)
