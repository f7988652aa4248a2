"""`/api/payouts`: Kaspi's payout reports come in, their differences go out as a file."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from cube_demper import bootstrap
from cube_demper.api.session import Seller, from_our_page
from cube_demper.api.sheets import pieces
from cube_demper.api.uploads import file_name, receive
from cube_demper.core.ids import read_id
from cube_demper.core.money import to_tenge
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics.payouts import service as payouts
from cube_demper.domain.economics.payouts.schemas import (
    MOST_BYTES,
    DifferenceFilter,
    DifferenceView,
)
from cube_demper.domain.economics.payouts.words import NAMES, story_of
from cube_demper.integrations.spreadsheets.writer import XlsxSheet

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD = (
    "Строка", "Заказ", "Различие", "У нас, ₸", "В отчёте, ₸", "Недоплата, ₸", "Точность",
    "Что это и что делать", "Состояние", "Заметка",
)  # fmt: skip
_WIDTHS = (9, 16, 26, 14, 14, 14, 10, 90, 12, 40)


def payout_routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/payouts")

    @router.post("/reports", status_code=201, dependencies=[Depends(from_our_page)])
    async def upload(
        request: Request, seller: Seller, store: Annotated[str, Query()] = ""
    ) -> dict[str, str]:
        body = io.BytesIO()
        await receive(request, body, MOST_BYTES)
        services = bootstrap.web()
        file = file_name(request), body.getvalue()
        async with services.db.write() as tx:
            report_id = await payouts.start_report(
                tx, seller, read_id(store), file, services.clock.now()
            )
        return {"id": str(report_id)}

    @router.get("/reports/{report_id}/export")
    async def export(report_id: UUID, seller: Seller) -> StreamingResponse:
        async with bootstrap.web().db.read() as tx:
            report, _ = await payouts.get_report(tx, seller, report_id)
        name = quote(f"Сверка {report.store_name}.xlsx")
        headers = {
            "Content-Disposition": f"attachment; filename=\"payout.xlsx\"; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        }
        return StreamingResponse(_sheet(seller, report_id), media_type=_XLSX, headers=headers)

    return router


async def _sheet(seller: Actor, report_id: UUID) -> AsyncIterator[bytes]:
    sheet = await asyncio.to_thread(XlsxSheet, "Различия", list(_HEAD), _WIDTHS)
    everything = DifferenceFilter(is_resolved=None)
    async with bootstrap.web().db.read() as tx:
        async for batch in payouts.stream_differences(tx, seller, report_id, everything):
            await asyncio.to_thread(sheet.add, [_row(it) for it in batch])
    with tempfile.TemporaryFile() as file:
        await asyncio.to_thread(sheet.save, file)
        for piece in pieces(file):
            yield piece


def _row(it: DifferenceView) -> tuple[object, ...]:
    return (
        it.number or None,
        it.order_code,
        NAMES[it.kind],
        _tenge(it.ours),
        _tenge(it.theirs),
        _tenge(it.amount),
        "оценка" if it.is_estimate else "точно",
        story_of(it),
        "разобрано" if it.resolved_at else "открыто",
        it.note,
    )


def _tenge(tiyn: int | None) -> float | None:
    return None if tiyn is None else float(to_tenge(tiyn))
