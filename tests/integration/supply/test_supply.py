"""Edits of stock on a real database: what is queued, what is refused, what is taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from records import NOON, add_product, add_store, add_user, seller
from sqlmodel import col, select

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.errors import ProductNotFound
from cube_demper.domain.supply import sending, service
from cube_demper.domain.supply.errors import (
    ChangeNotFound,
    SupplyChanged,
    SupplyRefused,
    TooLateToUndo,
)
from cube_demper.domain.supply.schemas import Edits
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import Channel
from cube_demper.models.supply import SupplyChange

PP1, PP2 = "1_PP1", "1_PP2"
POINTS = [
    {"id": PP1, "name": "PP1", "cityId": "750000000", "cityName": "Алматы", "enabled": True},
    {"id": PP2, "name": "PP2", "cityId": "710000000", "cityName": "Астана", "enabled": True},
]


def _row(point: str, **values: object) -> dict[str, object]:
    blank = {"available": "yes", "stockCount": None, "stockSpecified": False, "preOrder": None}
    return {"storeId": point, **blank, **values}


POINTS_NOW = (_row(PP1, stockCount=7, stockSpecified=True), _row(PP2))


async def _product(db: Database, **store: object) -> tuple[Actor, Product]:
    async with db.write() as tx:
        user = await add_user(tx)
        product = await add_product(
            tx,
            await add_store(tx, user, points=POINTS, **store),
            availabilities=list(POINTS_NOW),
            supply_read_at=NOON,
        )
    return seller(user), product


async def _change(
    db: Database, actor: Actor, product: Product, wanted: Edits, seen: Edits | None = None
) -> UUID | None:
    async with db.write() as tx:
        return await service.change_supply(tx, actor, product.id, wanted, seen=seen or {}, now=NOON)


async def _changes(db: Database) -> list[SupplyChange]:
    async with db.read() as tx:
        rows = await tx.scalars(select(SupplyChange).order_by(col(SupplyChange.created_at)))
        return list(rows.all())


async def test_an_edit_is_queued_and_the_other_points_stay(db: Database) -> None:
    actor, product = await _product(db)
    assert await _change(db, actor, product, {PP1: {"stockCount": 3}}, {PP1: {"stockCount": 7}})
    (change,) = await _changes(db)
    assert (change.status, change.edits) == (PriceStatus.QUEUED, {PP1: {"stockCount": 3}})
    assert change.before == {PP1: {"stockCount": 7}}
    async with db.read() as tx:
        found = await service.supply_of(tx, actor, product.id, NOON)
    assert [(it.stock, it.is_available) for it in found.points] == [(3, True), (None, True)]
    assert found.last is not None
    assert found.last.can_undo


async def test_edits_that_wait_become_one_change_that_remembers_the_first_values(
    db: Database,
) -> None:
    actor, product = await _product(db)
    await _change(db, actor, product, {PP1: {"stockCount": 3}})
    await _change(db, actor, product, {PP1: {"stockCount": 2}, PP2: {"available": "no"}})
    (change,) = await _changes(db)
    assert change.edits == {PP1: {"stockCount": 2}, PP2: {"available": "no"}}
    assert change.before == {PP1: {"stockCount": 7}, PP2: {"available": "yes"}}


async def test_what_is_so_already_is_no_change(db: Database) -> None:
    actor, product = await _product(db)
    assert await _change(db, actor, product, {PP1: {"stockCount": 7}}) is None
    assert await _changes(db) == []


async def test_a_value_changed_by_somebody_else_is_a_conflict(db: Database) -> None:
    actor, product = await _product(db)
    await _change(db, actor, product, {PP1: {"stockCount": 3}})
    with pytest.raises(SupplyChanged):
        await _change(db, actor, product, {PP1: {"stockCount": 9}}, {PP1: {"stockCount": 7}})


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({PP1: {"stockCount": 0}}, "от 1"),
        ({PP1: {"preOrder": 31}}, "30 дней"),
        ({"1_PP9": {"available": "yes"}}, "точки"),
        ({PP1: {"available": "no"}, PP2: {"available": "no"}}, "снимет его с продажи"),
    ],
)
async def test_what_kaspi_would_not_take_is_refused(db: Database, edit: Edits, words: str) -> None:
    actor, product = await _product(db)
    with pytest.raises(SupplyRefused, match=words):
        await _change(db, actor, product, edit)
    assert await _changes(db) == []


async def test_nobody_reaches_the_stock_of_others(db: Database) -> None:
    actor, product = await _product(db)
    stranger, _ = await _product(db)
    change_id = await _change(db, actor, product, {PP1: {"stockCount": 3}})
    assert change_id is not None
    with pytest.raises(ProductNotFound):
        await _change(db, stranger, product, {PP1: {"stockCount": 1}})
    async with db.write() as tx:
        with pytest.raises(ChangeNotFound):
            await service.undo_supply(tx, stranger, change_id, NOON)
        with pytest.raises(ProductNotFound):
            await service.supply_of(tx, stranger, product.id, NOON)


async def test_undo_takes_a_waiting_change_out_of_the_queue(db: Database) -> None:
    actor, product = await _product(db)
    change_id = await _change(db, actor, product, {PP1: {"stockCount": 3}})
    assert change_id is not None
    async with db.write() as tx:
        await service.undo_supply(tx, actor, change_id, NOON)
    assert [row.status for row in await _changes(db)] == [PriceStatus.SUPERSEDED]


async def test_undo_of_what_was_sent_sends_the_old_value_once(db: Database) -> None:
    actor, product = await _product(db)
    change_id = await _change(db, actor, product, {PP1: {"stockCount": 3}})
    assert change_id is not None
    send_id = uuid4()
    async with db.write() as tx:
        await sending.take(tx, product.id, send_id, NOON)
        await sending.accepted(tx, [send_id])
    async with db.write() as tx:
        await service.undo_supply(tx, actor, change_id, NOON + timedelta(minutes=1))
    sent, back = await _changes(db)
    if sent.status == PriceStatus.QUEUED:
        sent, back = back, sent
    assert (sent.status, back.status) == (PriceStatus.SENT, PriceStatus.QUEUED)
    assert back.edits == {PP1: {"stockCount": 7}}
    async with db.write() as tx:
        with pytest.raises(TooLateToUndo):
            await service.undo_supply(tx, actor, change_id, NOON + timedelta(minutes=2))


async def test_an_hour_later_nothing_is_taken_back(db: Database) -> None:
    actor, product = await _product(db)
    change_id = await _change(db, actor, product, {PP1: {"stockCount": 3}})
    assert change_id is not None
    async with db.write() as tx:
        with pytest.raises(TooLateToUndo):
            await service.undo_supply(tx, actor, change_id, NOON + timedelta(minutes=61))


async def test_a_store_that_works_by_price_list_keeps_the_edit_for_the_list(db: Database) -> None:
    actor, product = await _product(db, channel=Channel.FEED, guid=None)
    await _change(db, actor, product, {PP1: {"preOrder": 5}, PP2: {"preOrder": 5}})
    async with db.read() as tx:
        kept = (await tx.scalars(select(Product).where(Product.id == product.id))).one()
    assert [row["preOrder"] for row in kept.availabilities or []] == [5, 5]
    assert kept.pre_order_days == 5
    assert [row.status for row in await _changes(db)] == [PriceStatus.SENT]


async def test_a_newer_change_takes_in_the_one_on_its_way(db: Database) -> None:
    actor, product = await _product(db)
    await _change(db, actor, product, {PP1: {"stockCount": 3}})
    first, second = uuid4(), uuid4()
    async with db.write() as tx:
        await sending.take(tx, product.id, first, NOON)
        await sending.accepted(tx, [first])
    await _change(db, actor, product, {PP2: {"stockCount": 4}})
    async with db.write() as tx:
        await sending.take(tx, product.id, second, NOON)
    rows = {row.status: row for row in await _changes(db)}
    assert set(rows) == {PriceStatus.SUPERSEDED, PriceStatus.SENDING}
    assert rows[PriceStatus.SENDING].edits == {PP1: {"stockCount": 3}, PP2: {"stockCount": 4}}


async def test_a_change_sent_once_more_is_still_counted_and_one_that_never_left_is_not(
    db: Database,
) -> None:
    actor, product = await _product(db)
    await _change(db, actor, product, {PP1: {"stockCount": 3}})
    lost, never_left = uuid4(), uuid4()
    shown = {product.kaspi_sku: POINTS_NOW}
    async with db.write() as tx:
        await sending.take(tx, product.id, lost, NOON)
        await sending.outcome_unknown(tx, [lost], "Kaspi не ответил.")
        proofs = await sending.due_proofs(
            tx, product.store_id, NOON + sending.UNKNOWN_PROOF_AFTER, 9
        )
        await sending.prove(tx, proofs, shown, NOON + sending.UNKNOWN_PROOF_AFTER)
    (again,) = await _changes(db)
    assert (again.status, again.send_id, again.sent_at) == (PriceStatus.QUEUED, lost, NOON)
    async with db.write() as tx:
        await sending.take(tx, product.id, never_left, NOON + timedelta(minutes=3))
        await sending.not_sent(tx, [never_left])
    (waiting,) = await _changes(db)
    assert (waiting.status, waiting.send_id, waiting.sent_at) == (PriceStatus.QUEUED, None, None)
