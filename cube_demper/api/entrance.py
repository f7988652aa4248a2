"""The seller's front door: who is signed in gets the app at `/`, everybody else a plain page at once."""

from __future__ import annotations

import re

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cube_demper import bootstrap
from cube_demper.api import front_pages, front_texts
from cube_demper.core.cookies import find_cookie, session_cookie
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import PlanOffer
from cube_demper.domain.partners import service as partners

REFERRAL_COOKIE = "cube_ref"
_CODE = re.compile(r"[0-9a-f]{8}")
_MONTH = 30 * 24 * 3600


def front_routes() -> APIRouter:
    """Return the plain pages beside the entrance."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/offer")
    async def offer() -> str:
        return front_texts.offer(await _plans(), _operator())

    @router.get("/privacy")
    async def privacy() -> str:
        services = bootstrap.web()
        async with services.db.read() as tx:
            days = (await partners.terms(tx, services.clock.now())).cookie_days
        return front_texts.privacy(days)

    @router.get("/r/{code}")
    async def referral(code: str) -> Response:
        answer = RedirectResponse("/register", 303)
        if _CODE.fullmatch(code.lower()):
            answer.set_cookie(
                REFERRAL_COOKIE,
                code.lower(),
                max_age=_MONTH,
                path="/",
                secure=bootstrap.web().settings.is_production,
                httponly=True,
                samesite="lax",
            )
        return answer

    return router


class Entrance:
    """Chooses what `/` is by the session cookie; never cached, for it differs by person."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`, the compiled pages."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer `/` for whoever is signed out; pass everything else on."""
        is_root = scope["type"] == "http" and scope["path"] == "/"
        if not is_root or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
        elif await _is_signed_in(scope):
            await self._app(_whole(scope), receive, _uncached(send))
        else:
            page = front_pages.landing(await _plans())
            await HTMLResponse(page)(scope, receive, _uncached(send))


async def _plans() -> tuple[PlanOffer, ...]:
    async with bootstrap.web().db.read() as tx:
        offers = (await billing.plans(tx)).values()
    return tuple(it for it in offers if it.is_sold)


def _operator() -> tuple[str, ...]:
    """Return who sells, as papers name them; nothing while it is not set."""
    it = bootstrap.web().settings.operator
    lines = (it.company, it.bin and f"БИН/ИИН {it.bin}", it.address)
    return tuple(line for line in lines if line) if it.company else ()


async def _is_signed_in(scope: Scope) -> bool:
    services = bootstrap.web()
    name = session_cookie(services.settings, CubeApp.SELLER)
    token = find_cookie(Headers(scope=scope).get("cookie", ""), name)
    if token is None:
        return False
    async with services.db.read() as tx:
        now = services.clock.now()
        return await accounts.find_signed_in(tx, token, CubeApp.SELLER, now) is not None


def _whole(scope: Scope) -> Scope:
    """Drop conditions: a browser that holds the front page must not be told «not modified»."""
    conditions = (b"if-none-match", b"if-modified-since")
    kept = [(name, value) for name, value in scope["headers"] if name not in conditions]
    return {**scope, "headers": kept}


def _uncached(send: Send) -> Send:
    async def passing(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            headers["Cache-Control"] = "no-store"
            headers.add_vary_header("Cookie")
            message["headers"] = headers.raw
        await send(message)

    return passing
