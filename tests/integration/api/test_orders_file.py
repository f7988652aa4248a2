"""A seller's orders as a file: their own alone, a line an item, narrowed as the list is."""

from __future__ import annotations

import io
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from openpyxl import load_workbook
from orders_made import seen, write
from records import add_store
from sqlalchemy import text
from web_stage import Site

from cube_demper import bootstrap
from cube_demper.api.sheets import Sheet, answer
from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx
from cube_demper.domain.orders.seen_schemas import SeenOrder, Timing
from cube_demper.domain.orders.sheet import HEADINGS
from cube_demper.integrations.spreadsheets.reader import lines_of
from cube_demper.models.accounts import User

NOW = datetime(2026, 11, 27, 19, 30, tzinfo=UTC)
"""00:30 of the 28th in Almaty."""


async def _sign_in(site: Site, email: str) -> UUID:
    user_id = await site.scene.add(email)
    await site.open(await site.scene.code(email))
    return user_id


async def _add(site: Site, user_id: UUID, *orders: SeenOrder) -> None:
    async with site.scene.db.write() as tx:
        store = await add_store(tx, await tx.get_one(User, user_id))
    secrets = bootstrap.web().secrets
    await write(site.scene.db, store, list(orders), NOW, secrets=secrets)


async def _rows(site: Site, query: str = "") -> list[dict[str, object]]:
    reply = await site.client.get(f"/api/orders/export?format=xlsx{query}")
    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "no-store"
    head, *rows = (cells for _, cells in lines_of(reply.content))
    assert tuple(head) == HEADINGS
    return [dict(zip(HEADINGS, row, strict=False)) for row in rows]


async def test_orders_are_saved_a_line_an_item(site: Site) -> None:
    user_id = await _sign_in(site, "a@example.kz")
    await _add(
        site, user_id, seen("900000001", "NEW", "APPROVED_BY_BANK", NOW, goods=("Плед", "Фен"))
    )
    first, second = await _rows(site)
    assert (first["Товар"], second["Товар"]) == ("Плед", "Фен")
    assert (first["Заказ"], first["Статус"]) == ("900000001", "Новый")
    assert first["Дата заказа"] == "2026-11-28 00:30:00"
    assert Decimal(str(first["Сумма заказа, ₸"])) == 25980
    assert not second["Сумма заказа, ₸"], "the sum of an order would be added up twice"
    assert (first["Покупатель"], first["Телефон"]) == ("Айгерим Тестова", "+7 701 000 00 01")


async def test_a_reader_of_excels_finds_dates_and_sums_that_add_up(site: Site) -> None:
    user_id = await _sign_in(site, "a@example.kz")
    order = seen(
        "900000001",
        "ARCHIVE",
        "COMPLETED",
        NOW,
        goods=("Плед", "Фен"),
        timing=Timing(completed_at=NOW),
    )
    await _add(site, user_id, order)
    reply = await site.client.get("/api/orders/export")
    (sheet,) = load_workbook(io.BytesIO(reply.content)).worksheets
    row = dict(zip(HEADINGS, sheet[2], strict=True))
    local = NOW.astimezone(ALMATY).replace(tzinfo=None)
    assert (row["Дата заказа"].is_date, row["Дата заказа"].value) == (True, local)
    assert (row["Выдан"].is_date, row["Выдан"].value) == (True, local)
    for name, value in (("Количество", 1), ("Сумма, ₸", 12_990), ("Сумма заказа, ₸", 25_980)):
        assert (row[name].data_type, row[name].value) == ("n", value)
    assert (row["Заказ"].data_type, row["Телефон"].data_type) == ("s", "s")


async def test_the_file_is_narrowed_as_the_list_is_and_holds_nobody_elses(site: Site) -> None:
    other_id = await site.scene.add("b@example.kz")
    await _add(site, other_id, seen("900000009", "NEW", "APPROVED_BY_BANK", NOW))
    assert (await site.client.get("/api/orders/export")).is_error
    user_id = await _sign_in(site, "a@example.kz")
    ago = timedelta(hours=1)
    await _add(
        site,
        user_id,
        seen("900000001", "NEW", "APPROVED_BY_BANK", NOW),
        seen("900000002", "ARCHIVE", "COMPLETED", NOW - ago),
    )
    assert [row["Заказ"] for row in await _rows(site)] == ["900000001", "900000002"]
    for narrowed in ("&tab=archive", "&status=COMPLETED"):
        assert [row["Заказ"] for row in await _rows(site, narrowed)] == ["900000002"]
    assert [row["Заказ"] for row in await _rows(site, "&q=900000001&tab=zzz")] == ["900000001"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_slow_download_holds_no_transaction(site: Site, kind: str) -> None:
    async def rows(tx: ReadTx) -> AsyncIterator[list[tuple[object, ...]]]:
        await tx.execute(text("SELECT 1 AS of_a_sheet"))
        for _ in range(50):
            yield [(random.random(),)] * 1000

    pieces = answer(Sheet("Лист", "sheet", ("Число",), (10,)), kind, rows).body_iterator
    assert await anext(pieces)
    open_now = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE state LIKE 'idle in transaction%' AND query LIKE '%of\\_a\\_sheet%'"
    )
    async with site.scene.db.read() as tx:
        assert await tx.scalar(open_now) == 0
    assert len([it async for it in pieces]) > 1, "the download went on"
