"""How many requests a minute one address may make to `/api/`."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from cube_demper.api.requests import client_ip
from cube_demper.bootstrap import Services
from cube_demper.domain.accounts.errors import LimitsUnavailable
from cube_demper.domain.accounts.ports import Attempts

_MINUTE = timedelta(minutes=1)
_HEALTH = "/api/health"
# A person signs in once in a while; a whole office behind one address still fits.
_LIMITS = {_HEALTH: 120, "/api/categories": 240}  # asked while one types
_PICTURES = ("/api/whatsapp/media/", "/api/support/files/")
_TALK = "/api/support/"
_TALK_LIMIT = 300  # two who write fast: a message, what is read, that one types
_PICTURE_LIMIT = 240  # a talk may show many at once
_OTHER = 60
_COUNTED = ("/api/", "/admin/")


class ApiLimits:
    """Answers 429 with Retry-After past the limit, 503 while nothing can be counted."""

    def __init__(self, app: ASGIApp, services: Services, attempts: Attempts) -> None:
        """Count with `attempts`."""
        self._app, self._services, self._attempts = app, services, attempts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count requests to the API; pages and files pass."""
        if scope["type"] != "http" or not scope["path"].startswith(_COUNTED):
            await self._app(scope, receive, send)
            return
        refusal = await self._count(scope)
        await (refusal or self._app)(scope, receive, send)

    async def _count(self, scope: Scope) -> JSONResponse | None:
        path = scope["path"]
        ip = client_ip(scope, self._services.settings.trusted_proxy_hops)
        name, limit = _bucket(path)
        key = f"attempts:api:{name}:{ip}"
        try:
            wait = await self._attempts.hit(key, limit, _MINUTE, self._services.clock.now())
        except LimitsUnavailable as error:
            # Health must tell that Redis is gone, so it answers all the same.
            return None if path == _HEALTH else JSONResponse({"message": error.message}, 503)
        if wait is None:
            return None
        seconds = str(int(wait.total_seconds()) + 1)
        body = {"message": f"Слишком много запросов. Повторите через {seconds} с."}
        return JSONResponse(body, 429, headers={"Retry-After": seconds})


def _bucket(path: str) -> tuple[str, int]:
    if path.startswith(_PICTURES):
        return "pictures", _PICTURE_LIMIT
    if path.startswith(_TALK):
        return "support", _TALK_LIMIT
    return (path, _LIMITS[path]) if path in _LIMITS else ("other", _OTHER)
