"""Putting the API in front of a Reflex app: `rx.App(api_transformer=in_front_of(CubeApp.SELLER))`."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.routing import Mount
from starlette.types import ASGIApp
from structlog import get_logger

from cube_demper import bootstrap
from cube_demper.api.addresses import TidyAddresses
from cube_demper.api.admin import admin_api
from cube_demper.api.admin_files import admin_file_routes
from cube_demper.api.billing import billing_routes
from cube_demper.api.calculations import calculation_routes
from cube_demper.api.categories import category_routes
from cube_demper.api.entrance import Entrance, front_routes
from cube_demper.api.export import export_routes
from cube_demper.api.feed import feed_routes
from cube_demper.api.feed_upload import upload_routes
from cube_demper.api.goods import goods_routes
from cube_demper.api.health import check_health
from cube_demper.api.limits import ApiLimits
from cube_demper.api.messages import message_routes
from cube_demper.api.orders import order_routes
from cube_demper.api.partner_files import partner_file_routes
from cube_demper.api.partner_links import partner_link_routes
from cube_demper.api.payouts import payout_routes
from cube_demper.api.security import OriginFence, SecurityHeaders
from cube_demper.api.session import session_routes
from cube_demper.api.support_chat import support_chat_routes
from cube_demper.api.support_files import support_file_routes
from cube_demper.api.tiptoppay import tiptoppay_routes
from cube_demper.api.waha import waha_routes
from cube_demper.api.waybills import waybill_routes
from cube_demper.core.errors import CubeError
from cube_demper.core.settings import CubeApp
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.up.apps import app_origins

_log = get_logger()


def in_front_of(app: CubeApp) -> Callable[[ASGIApp], ASGIApp]:
    """Return what wraps the Reflex app of this process. Raises ConfigurationError when it starts."""

    def wrap(pages: ASGIApp) -> ASGIApp:
        services = bootstrap.web()
        origins = app_origins(services.settings, app)
        inner: ASGIApp = build_api(app, pages)
        inner = ApiLimits(inner, services, RedisAttempts(services.redis))
        inner = OriginFence(inner, origins)
        return SecurityHeaders(inner, services.settings, origins)

    return wrap


def build_api(app: CubeApp, pages: ASGIApp) -> FastAPI:
    """Build the routes; whatever is none of them goes to `pages`."""
    api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    api.include_router(session_routes(app))
    api.add_api_route("/api/health", _health, methods=["GET"])
    api.add_exception_handler(CubeError, _refused)
    api.add_exception_handler(Exception, _failed)
    pages = TidyAddresses(pages)
    if app is CubeApp.SELLER:
        api.include_router(front_routes())
        api.include_router(billing_routes())
        api.include_router(partner_link_routes())
        api.include_router(export_routes())
        api.include_router(feed_routes())
        api.include_router(upload_routes())
        api.include_router(goods_routes())
        api.include_router(order_routes())
        api.include_router(calculation_routes())
        api.include_router(category_routes())
        api.include_router(payout_routes())
        api.include_router(message_routes())
        api.include_router(support_chat_routes())
        api.include_router(waha_routes())
        api.include_router(tiptoppay_routes())
        api.include_router(waybill_routes())
        api.add_api_route("/partner/login", _partner_login, methods=["GET"])
        pages = Entrance(pages)
    if app in (CubeApp.SELLER, CubeApp.SUPPORT):
        api.include_router(support_file_routes(app))
    if app is CubeApp.PARTNER:
        api.include_router(partner_file_routes())
    if app is CubeApp.ADMIN:
        api.include_router(admin_file_routes())
        api.mount("/admin", admin_api())
    api.router.routes.append(Mount("", app=pages))
    return api


async def _health() -> JSONResponse:
    parts = await check_health(bootstrap.web())
    return JSONResponse(
        {"ok": all(parts.values()), **parts},
        200 if all(parts.values()) else 503,
        headers={"Cache-Control": "no-store"},
    )


async def _partner_login() -> RedirectResponse:
    return RedirectResponse(f"{bootstrap.web().settings.app_url(CubeApp.PARTNER)}/login")


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, CubeError):
        raise error
    return JSONResponse({"message": error.message, "code": error.code}, 400)


async def _failed(request: Request, error: Exception) -> JSONResponse:
    number = secrets.token_hex(4).upper()
    _log.error("request_failed", number=number, path=_pattern(request), exc_info=error)
    return JSONResponse({"message": f"Что-то пошло не так. Номер ошибки {number}"}, 500)


def _pattern(request: Request) -> str:
    """Return the route's own path: what stands in its place may be a secret of a link."""
    route = request.scope.get("route")
    return getattr(route, "path", "") or "page"
