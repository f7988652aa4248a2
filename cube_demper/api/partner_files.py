"""`/api/partner/…`: a partner's lists as files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from cube_demper.api.session import SignedInPartner
from cube_demper.api.sheets import Sheet, SheetKind, answer
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.partners import reading
from cube_demper.domain.partners.sheets import (
    ENTRY_HEADINGS,
    ENTRY_WIDTHS,
    LEAD_HEADINGS,
    LEAD_WIDTHS,
    Cell,
    entry_row,
    lead_row,
)

_ENTRIES = Sheet("Транзакции", "transactions", ENTRY_HEADINGS, ENTRY_WIDTHS)
_LEADS = Sheet("Клиенты", "leads", LEAD_HEADINGS, LEAD_WIDTHS)


def partner_file_routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/partner")

    @router.get("/transactions")
    async def transactions(
        partner: SignedInPartner, tab: str = "", kind: SheetKind = "csv"
    ) -> StreamingResponse:
        tab = tab if tab in reading.KINDS else ""
        return answer(_ENTRIES, kind, lambda tx: _entries(tx, partner, tab))

    @router.get("/leads")
    async def leads(
        partner: SignedInPartner, tab: str = "", kind: SheetKind = "csv"
    ) -> StreamingResponse:
        return answer(_LEADS, kind, lambda tx: _leads(tx, partner, tab[:20]))

    return router


async def _entries(tx: ReadTx, actor: Actor, tab: str) -> AsyncIterator[Sequence[tuple[Cell, ...]]]:
    async for rows in reading.stream_entries(tx, actor, tab):
        yield [entry_row(it) for it in rows]


async def _leads(tx: ReadTx, actor: Actor, stage: str) -> AsyncIterator[Sequence[tuple[Cell, ...]]]:
    async for rows in reading.stream_leads(tx, actor, stage):
        yield [lead_row(*it) for it in rows]
