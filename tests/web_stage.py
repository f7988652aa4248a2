"""A web process for tests: services on the tests' own database, and the API before pages of paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from accounts_scene import Scene
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from cube_demper import bootstrap
from cube_demper.api.app import in_front_of
from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import CubeApp, Settings

OURS = "http://localhost:3000"
PRODUCTION: dict[str, Any] = {
    "CUBE_ENV": "production",
    "PUBLIC_URL": "https://cube.example.kz",
    "SECRET_KEYS": "a key of our own",
}
PAGE = "<html><head><script>let a = 1;</script><script src='/a.js'></script></head></html>"


def web_services(scene: Scene, redis: Redis, **variables: Any) -> bootstrap.Services:
    """Return the services of a web process with these settings."""
    settings = Settings(**variables)
    clock: Any = scene.clock
    return bootstrap.Services(settings, clock, SecretBox(settings.keys), scene.db, redis)


def pages() -> ASGIApp:
    """Return what stands for the compiled front end."""

    async def page(_request: Request) -> Response:
        return HTMLResponse(PAGE)

    async def script(_request: Request) -> Response:
        return PlainTextResponse("1", media_type="text/javascript")

    async def folder(request: Request) -> Response:
        if not request.url.path.endswith("/"):
            return Response(status_code=307, headers={"location": f"{request.url.path}/"})
        return HTMLResponse(f"<p>{request.url.path}</p>")

    return Starlette(
        routes=[
            Route("/", page),
            Route("/assets/a-1f.js", script),
            Route("/products", folder),
            Route("/products/", folder),
        ]
    )


@dataclass
class Site:
    """An app at its address, and whoever plays on it."""

    scene: Scene
    services: bootstrap.Services
    app: ASGIApp
    client: httpx.AsyncClient

    async def open(self, code: str, **headers: str) -> httpx.Response:
        return await self.client.post(
            "/api/session", json={"code": code}, headers={"Origin": OURS, **headers}
        )


def build_site(
    services: bootstrap.Services, scene: Scene, url: str = OURS, app_name: CubeApp = CubeApp.SELLER
) -> Site:
    """Put an app's API before the pages; `bootstrap.web` must give `services` already."""
    app = in_front_of(app_name)(pages())
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url)
    return Site(scene, services, app, client)


def connect(
    root: Any,
    token: str | None,
    address: str = "/products?bot=on",
    app: CubeApp = CubeApp.SELLER,
) -> None:
    """Make the tab's socket come with this session's cookie."""
    cookie = f"theme=dark; cube_{app}={token}" if token else "theme=dark"
    headers = {"cookie": cookie, "origin": "http://localhost:3000", "user-agent": "Firefox"}
    data = {
        "headers": headers,
        "ip": "10.0.0.1",
        "pathname": address.partition("?")[0],
        "asPath": address,
        "sid": "1",
        "token": "tab",
    }
    root._update_router_vars(data, {})
