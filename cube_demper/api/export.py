"""`/api/export?token=…`: the seller's archive, once, to the signed-in seller alone."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from cube_demper import bootstrap
from cube_demper.core.cookies import find_cookie, session_cookie
from cube_demper.core.errors import PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.exports import service as exports


def export_routes() -> APIRouter:
    """Return the route of the archive."""
    router = APIRouter()

    @router.get("/api/export")
    async def take_archive(request: Request, token: str = "") -> Response:
        services = bootstrap.web()
        now = services.clock.now()
        name = session_cookie(services.settings, CubeApp.SELLER)
        cookie = find_cookie(request.headers.get("cookie", ""), name)
        async with services.db.write() as tx:
            signed = await accounts.find_signed_in(tx, cookie, CubeApp.SELLER, now)
            if signed is None:
                raise PermissionDenied("Войдите, чтобы скачать архив.")
            archive = await exports.take(tx, signed.actor, token[:100], now)
        return Response(
            archive,
            media_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="cube-demper-{now:%Y-%m-%d}.zip"',
                "Cache-Control": "no-store",
            },
        )

    return router
