"""`/api/export?token=…`: the seller's archive, once, to the signed-in seller alone."""

from __future__ import annotations

from fastapi import APIRouter, Response

from cube_demper import bootstrap
from cube_demper.api.session import Seller
from cube_demper.domain.exports import service as exports


def export_routes() -> APIRouter:
    """Return the route of the archive."""
    router = APIRouter()

    @router.get("/api/export")
    async def take_archive(seller: Seller, token: str = "") -> Response:
        services = bootstrap.web()
        now = services.clock.now()
        async with services.db.write() as tx:
            archive = await exports.take(tx, seller, token[:100], now)
        return Response(
            archive,
            media_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="cube-demper-{now:%Y-%m-%d}.zip"',
                "Cache-Control": "no-store",
            },
        )

    return router
