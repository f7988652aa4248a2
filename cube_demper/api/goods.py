"""`/api/goods`: the seller's goods as a file, and files with their terms."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable
from typing import IO, Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from cube_demper import bootstrap
from cube_demper.api.session import from_our_page
from cube_demper.core.cookies import find_cookie, session_cookie
from cube_demper.core.errors import InvalidInput, PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog.importing import service as importing
from cube_demper.domain.catalog.importing.schemas import MOST_BYTES
from cube_demper.domain.catalog.importing.sheet import HEADINGS, WIDTHS
from cube_demper.domain.catalog.list_schemas import ProductFilter, ProductTab
from cube_demper.integrations.spreadsheets.writer import XlsxSheet, csv_parts

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PIECE = 64 * 1024


async def signed_in_seller(request: Request) -> Actor:
    """Return the seller of the session cookie. Raises PermissionDenied for anybody else."""
    services = bootstrap.web()
    name = session_cookie(services.settings, CubeApp.SELLER)
    token = find_cookie(request.headers.get("cookie", ""), name)
    async with services.db.read() as tx:
        now = services.clock.now()
        signed = await accounts.find_signed_in(tx, token, CubeApp.SELLER, now)
    if signed is None or signed.actor.role is not Role.USER:
        raise PermissionDenied
    return signed.actor


Seller = Annotated[Actor, Depends(signed_in_seller)]


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
    async def upload(request: Request, seller: Seller, name: str = "") -> dict[str, str]:
        content = await _body(request)
        services = bootstrap.web()
        async with services.db.write() as tx:
            now = services.clock.now()
            import_id = await importing.start_import(tx, seller, name, content, now)
        return {"id": str(import_id)}

    return router


async def _body(request: Request) -> bytes:
    """Read a file, giving up as soon as it is too big."""
    too_big = InvalidInput("Файл больше 10 МБ. Разделите его на части.")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise too_big
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BYTES:
            raise too_big
    return bytes(content)


def _filter(tab: str = "", q: str = "", store: str = "") -> ProductFilter:
    """Read the list's address; nonsense in it is ignored, as the list itself does."""
    try:
        store_id = UUID(store) if store else None
    except ValueError:
        store_id = None
    known = ProductTab(tab) if tab in tuple(ProductTab) else ProductTab.ALL
    return ProductFilter(tab=known, search=q.strip()[:200], store_id=store_id)


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
        for piece in _pieces(file):
            yield piece


def _pieces(file: IO[bytes]) -> Iterable[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece
