"""`/api/orders/waybills/…`: a file of waybills, shown by the browser so that it can be printed."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response

from cube_demper import bootstrap
from cube_demper.api.session import Seller
from cube_demper.core.clock import ALMATY
from cube_demper.domain.orders import waybills


def waybill_routes() -> APIRouter:
    """Return the route."""
    router = APIRouter()

    @router.get("/api/orders/waybills/{print_id}")
    async def take(print_id: UUID, seller: Seller) -> Response:
        services = bootstrap.web()
        now = services.clock.now()
        async with services.db.read() as tx:
            content = await waybills.take(tx, seller, print_id, secrets=services.secrets, now=now)
        name = f"Накладные {now.astimezone(ALMATY):%d.%m.%Y %H-%M}.pdf"
        disposition = f"inline; filename=\"waybills.pdf\"; filename*=UTF-8''{quote(name)}"
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return Response(content, media_type="application/pdf", headers=headers)

    return router
