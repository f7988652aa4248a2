"""`/api/session`: the only place where the session cookie is set and removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from cube_demper import bootstrap
from cube_demper.api.doors import door_of
from cube_demper.api.requests import visitor_of
from cube_demper.core.cookies import find_cookie, session_cookie
from cube_demper.core.errors import PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import rules
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import NOBODY, Actor, Role


async def from_our_page(request: Request) -> None:
    """Demand an Origin; the fence has refused foreign ones already. Raises PermissionDenied."""
    if "origin" not in request.headers:
        raise PermissionDenied


async def signed_in_seller(request: Request) -> Actor:
    """Return the seller of the session cookie. Raises PermissionDenied for anybody else."""
    services = bootstrap.web()
    name = session_cookie(services.settings, CubeApp.SELLER)
    token = find_cookie(request.headers.get("cookie", ""), name)
    async with services.db.read() as tx:
        now = services.clock.now()
        signed = await accounts.find_signed_in(tx, token, CubeApp.SELLER, now)
    if signed is None or signed.actor.role is not Role.USER:
        raise PermissionDenied("Войдите заново и повторите.")
    return replace(signed.actor, ip=visitor_of(request.scope, services.settings).ip)


Seller = Annotated[Actor, Depends(signed_in_seller)]


async def signed_in_partner(request: Request) -> Actor:
    """Return the partner of the session cookie. Raises PermissionDenied for anybody else."""
    services = bootstrap.web()
    name = session_cookie(services.settings, CubeApp.PARTNER)
    token = find_cookie(request.headers.get("cookie", ""), name)
    async with services.db.read() as tx:
        door = door_of(CubeApp.PARTNER)
        signed = await door.find_signed_in(tx, token, CubeApp.PARTNER, services.clock.now())
    if signed is None:
        raise PermissionDenied("Войдите заново и повторите.")
    return signed.actor


SignedInPartner = Annotated[Actor, Depends(signed_in_partner)]


class Code(BaseModel):
    """The one-time code that the sign-in handler made."""

    code: str = Field(max_length=100)


def session_routes(app: CubeApp) -> APIRouter:
    """Return the routes of one app's sessions."""
    router = APIRouter(prefix="/api/session", dependencies=[Depends(from_our_page)])

    @router.post("", status_code=204)
    async def open_session(given: Code, request: Request, response: Response) -> None:
        services = bootstrap.web()
        async with services.db.write() as tx:
            token = await door_of(app).open_session(
                tx,
                NOBODY,
                given.code,
                app=app,
                visitor=visitor_of(request.scope, services.settings),
                now=services.clock.now(),
            )
        response.set_cookie(
            session_cookie(services.settings, app),
            token,
            max_age=int(rules.SESSION_LIFE.total_seconds()),
            path="/",
            secure=services.settings.is_production,
            httponly=True,
            samesite="lax",
        )

    @router.delete("", status_code=204)
    async def end_session(request: Request, response: Response) -> None:
        services = bootstrap.web()
        name = session_cookie(services.settings, app)
        if token := find_cookie(request.headers.get("cookie", ""), name):
            async with services.db.write() as tx:
                visitor = visitor_of(request.scope, services.settings)
                nobody = replace(NOBODY, ip=visitor.ip)
                await door_of(app).sign_out(tx, nobody, token, app, services.clock.now())
        response.delete_cookie(
            name,
            path="/",
            secure=services.settings.is_production,
            httponly=True,
            samesite="lax",
        )

    return router
