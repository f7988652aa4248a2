"""`/api/goods`: the seller's goods as a file, and files with their terms."""

from __future__ import annotations

import io
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from cube_demper import bootstrap
from cube_demper.api.session import Seller, from_our_page
from cube_demper.api.sheets import Sheet, SheetKind, answer
from cube_demper.api.uploads import file_name, receive
from cube_demper.core.ids import find_id
from cube_demper.domain.catalog.importing import service as importing
from cube_demper.domain.catalog.importing.schemas import MOST_BYTES
from cube_demper.domain.catalog.importing.sheet import (
    HEADINGS,
    RESULT_HEADINGS,
    RESULT_WIDTHS,
    WIDTHS,
)
from cube_demper.domain.catalog.list_schemas import ProductFilter, ProductTab
from cube_demper.domain.economics.costs import sheet as batches
from cube_demper.domain.pricing.alerts.rules import lost_before
from cube_demper.models.imports import ImportKind


def goods_routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/goods")

    @router.get("/export")
    async def export(
        seller: Seller,
        asked: Annotated[ProductFilter, Depends(_filter)],
        kind: SheetKind = "xlsx",
    ) -> StreamingResponse:
        sheet = Sheet("Товары", "goods", tuple(HEADINGS), WIDTHS)
        return answer(sheet, kind, lambda tx: importing.sheet_rows(tx, seller, asked))

    @router.get("/batches-template")
    async def template(seller: Seller) -> StreamingResponse:
        sheet = Sheet("Партии закупки", "batches", batches.TEMPLATE, batches.WIDTHS)
        every = ProductFilter()
        write = batches.template_row
        return answer(sheet, "xlsx", lambda tx: importing.sheet_rows(tx, seller, every, write))

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

    @router.get("/imports/{import_id}/export")
    async def result(import_id: UUID, seller: Seller) -> StreamingResponse:
        async with bootstrap.web().db.read() as tx:
            await importing.get_import(tx, seller, import_id)
        sheet = Sheet("Загрузка из файла", "import", RESULT_HEADINGS, RESULT_WIDTHS)
        return answer(sheet, "xlsx", lambda tx: importing.result_rows(tx, seller, import_id))

    return router


def _filter(tab: str = "", q: str = "", store: str = "", lost: str = "") -> ProductFilter:
    """Read the list's address; nonsense in it is ignored, as the list itself does."""
    return ProductFilter(
        tab=ProductTab(tab) if tab in tuple(ProductTab) else ProductTab.ALL,
        search=q.strip()[:200],
        store_id=find_id(store),
        lost_before=lost_before(lost, bootstrap.web().clock.now()),
    )
