"""`/p/CODE`: a partner's link. The click is written down here, on the server, and leads on to us."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cube_demper import bootstrap
from cube_demper.api.requests import visitor_of
from cube_demper.bootstrap import Services
from cube_demper.core.cookies import find_cookie, session_cookie
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.errors import LimitsUnavailable
from cube_demper.domain.accounts.schemas import NOBODY
from cube_demper.domain.partners import clicks, rules
from cube_demper.domain.partners import service as partners
from cube_demper.integrations.attempts.client import RedisAttempts

PARTNER_COOKIE = "cube_sent_by"
"""None of `session_cookie`'s names: on one machine the apps share their cookies."""
_A_MINUTE = 60
"""Clicks of one address that are written down; a mobile operator's many people share one."""


def partner_link_routes() -> APIRouter:
    """Return the route of links."""
    router = APIRouter()

    @router.api_route("/p/{code}", methods=["GET", "HEAD"])
    async def follow(code: str, request: Request) -> Response:
        services = bootstrap.web()
        answer = RedirectResponse("/", 303)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        cookie = await _click(services, request, rules.read_code(code))
        if cookie is not None:
            async with services.db.read() as tx:
                days = (await partners.terms(tx, services.clock.now())).cookie_days
            answer.set_cookie(
                PARTNER_COOKIE,
                cookie,
                max_age=days * 24 * 3600,
                path="/",
                secure=services.settings.is_production,
                httponly=True,
                samesite="lax",
            )
        return answer

    return router


async def _click(services: Services, request: Request, code: str) -> str | None:
    """Write the click down unless there are too many; whoever came is led on all the same."""
    visitor = visitor_of(request.scope, services.settings)
    marks, now = clicks.marks_of(services.secrets, visitor), services.clock.now()
    try:
        attempts = RedisAttempts(services.redis)
        key = f"attempts:click:{marks.address.hex()}"
        wait = await attempts.hit(key, _A_MINUTE, timedelta(minutes=1), now)
    except LimitsUnavailable:
        return None
    if wait is not None:
        return None
    header = request.headers.get("cookie", "")
    opened = clicks.Opened(
        code=code,
        method=request.method,
        headers=request.headers,
        visitor=visitor,
        marks=marks,
        cookie=find_cookie(header, PARTNER_COOKIE) or "",
        seller_email=await _seller_email(services, header),
    )
    async with services.db.write() as tx:
        return await clicks.record(tx, NOBODY, opened, now)


async def _seller_email(services: Services, header: str) -> str:
    token = find_cookie(header, session_cookie(services.settings, CubeApp.SELLER))
    if token is None:
        return ""
    async with services.db.read() as tx:
        now = services.clock.now()
        signed = await accounts.find_signed_in(tx, token, CubeApp.SELLER, now)
    return signed.actor.email if signed else ""
