"""`/api/billing/papers/…`: an invoice or an act as PDF, to the seller who pays."""

from __future__ import annotations

import asyncio
import io
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from cube_demper import bootstrap
from cube_demper.api.session import Seller
from cube_demper.api.sheets import pieces
from cube_demper.core.clock import ALMATY
from cube_demper.domain.billing import viewing
from cube_demper.integrations.documents.money_papers import Paper, render
from cube_demper.models.invoices import PaperKind


def billing_routes() -> APIRouter:
    """Return the route."""
    router = APIRouter(prefix="/api/billing")

    @router.get("/papers/{paper_id}")
    async def take(paper_id: UUID, seller: Seller) -> StreamingResponse:
        async with bootstrap.web().db.read() as tx:
            row, payment = await viewing.get_paper(tx, seller, paper_id)
        is_act = row.kind == PaperKind.ACT
        paper = Paper(
            is_act=is_act,
            number=row.number,
            issued_on=row.issued_on,
            title=row.title,
            amount=row.amount,
            invoice_id=payment.invoice_id,
            seller=row.requisites["seller"],
            buyer=row.requisites["buyer"],
            pay_by=None
            if is_act or not payment.expires_at
            else payment.expires_at.astimezone(ALMATY).date(),
        )
        content = await asyncio.to_thread(render, paper)
        name = quote(
            f"{'Акт' if is_act else 'Счёт'} № {row.number} от {row.issued_on:%d.%m.%Y}.pdf"
        )
        headers = {
            "Content-Disposition": f"inline; filename=\"paper.pdf\"; filename*=UTF-8''{name}",
            "Content-Length": str(len(content)),
            "Cache-Control": "no-store",
        }
        body = pieces(io.BytesIO(content))
        return StreamingResponse(body, media_type="application/pdf", headers=headers)

    return router
