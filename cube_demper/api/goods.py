"""`/api/goods`: the seller's goods as a file, and files with their terms."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import AsyncIterator, Iterable
from typing import IO, Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from cube_demper import bootstrap
from cube_demper.api.session import Seller, from_our_page
from cube_demper.api.uploads import file_name, receive
from cube_demper.core.ids import find_id
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.importing import service as importing
from cube_demper.domain.catalog.importing.schemas import MOST_BYTES
from cube_demper.domain.catalog.importing.sheet import HEADINGS, WIDTHS
from cube_demper.domain.catalog.list_schemas import ProductFilter, ProductTab
from cube_demper.integrations.spreadsheets.writer import XlsxSheet, csv_parts
from cube_demper.models import ImportKind

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PIECE = 64 * 1024


def goods_routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/goods")

    @router.get("/export")
    async def export(
        seller: Seller,
        asked: Annotated[ProductFilter, Depends(_filter)],
        kind: Annotated[Literal["csv", "xlsx"], Query(alias="format")] = "xlsx",
    ) -> StreamingResponse:
        parts = _csv(seller, asked) if kind == "csv" else _xlsx(seller, asked)
        name = quote(f"Товары {bootstrap.web().clock.now():%Y-%m-%d}.{kind}")
        headers = {
            "Content-Disposition": f"attachment; filename=\"goods.{kind}\"; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        }
        return StreamingResponse(
            parts, media_type=_CSV if kind == "csv" else _XLSX, headers=headers
        )

    @router.post("/imports", status_code=201, dependencies=[Depends(from_our_page)])
    async def upload(
        request: Request, seller: Seller, kind: ImportKind = ImportKind.TERMS
    ) -> dict[str, str]:
        body = io.BytesIO()
        await receive(request, body, MOST_BYTES)
        services = bootstrap.web()
        async with services.db.write() as tx:
            import_id = await importing.start_import(
                tx, seller, file_name(request), body.getvalue(), services.clock.now(), kind=kind
            )
        return {"id": str(import_id)}

    return router


def _filter(tab: str = "", q: str = "", store: str = "") -> ProductFilter:
    """Read the list's address; nonsense in it is ignored, as the list itself does."""
    known = ProductTab(tab) if tab in tuple(ProductTab) else ProductTab.ALL
    return ProductFilter(tab=known, search=q.strip()[:200], store_id=find_id(store))


async def _csv(seller: Actor, asked: ProductFilter) -> AsyncIterator[bytes]:
    async with bootstrap.web().db.read() as tx:
        batches = importing.sheet_rows(tx, seller, asked)
        async for part in csv_parts(list(HEADINGS), batches):
            yield part


async def _xlsx(seller: Actor, asked: ProductFilter) -> AsyncIterator[bytes]:
    sheet = await asyncio.to_thread(XlsxSheet, "Товары", list(HEADINGS), WIDTHS)
    async with bootstrap.web().db.read() as tx:
        async for rows in importing.sheet_rows(tx, seller, asked):
            await asyncio.to_thread(sheet.add, rows)
    with tempfile.TemporaryFile() as file:
        await asyncio.to_thread(sheet.save, file)
        for piece in pieces(file):
            yield piece


def pieces(file: IO[bytes]) -> Iterable[bytes]:
    """Yield a file from its beginning, 64 KB at a time."""
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece
