"""`/api/orders`: the seller's orders as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from cube_demper import bootstrap
from cube_demper.api.session import Seller
from cube_demper.api.sheets import Sheet, SheetKind, answer
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.orders import listing
from cube_demper.domain.orders.addresses import read_filters
from cube_demper.domain.orders.list_schemas import OrderQuery
from cube_demper.domain.orders.sheet import HEADINGS, WIDTHS, Cell, rows_of

_SHEET = Sheet("Заказы", "orders", HEADINGS, WIDTHS)


def order_routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/orders")

    @router.get("/export")
    async def export(
        seller: Seller,
        asked: Annotated[OrderQuery, Depends(_filter)],
        kind: SheetKind = "xlsx",
    ) -> StreamingResponse:
        return answer(_SHEET, kind, lambda tx: _rows(tx, seller, asked))

    return router


def _filter(request: Request) -> OrderQuery:
    """Read the list's address as the list itself does."""
    given = request.query_params
    return read_filters(given, given.get("q", ""), bootstrap.web().clock.now())


async def _rows(
    tx: ReadTx, seller: Actor, asked: OrderQuery
) -> AsyncIterator[Sequence[tuple[Cell, ...]]]:
    secrets = bootstrap.web().secrets
    async for views in listing.stream_orders(tx, seller, asked, secrets=secrets):
        yield [row for view in views for row in rows_of(view)]
