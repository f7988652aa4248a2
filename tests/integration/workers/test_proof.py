"""Sent → seen: by confirming looks, by anybody's looks, late, or never."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from records import add_decision
from sqlalchemy import select

from cube_demper.models.catalog import Product
from cube_demper.models.operations import Notification
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.sandbox.market import ApplyDelay
from workers.looking import Question

if TYPE_CHECKING:
    from worker_stage import Stage

    from workers.demping import Demping

ASTANA = "710000000"


async def _sent(stage: Stage) -> tuple[Product, Demping]:
    """Send a lower price of one product; return the worker that did."""
    product, _rival = await stage.undercut()
    worker = await stage.worker(once=True)
    await worker.run_bounded()
    return product, worker


async def _row(stage: Stage, product: Product) -> PriceHistory:
    return (await stage.history(product.id))[-1]


async def _told(stage: Stage) -> list[Notification]:
    async with stage.db.read() as tx:
        return list((await tx.scalars(select(Notification))).all())


def _looks(stage: Stage) -> int:
    return sum(entry.get("route") == "offers" for entry in stage.sandbox.journal.entries)


async def test_a_price_that_shows_after_five_minutes_is_seen_by_the_third_look_and_sent_once(
    stage: Stage,
) -> None:
    stage.sandbox.market.delay = ApplyDelay(300, 300)
    product, worker = await _sent(stage)
    for after, wait in ((90, 95), (240, 150)):
        stage.clock.jump(wait)
        await worker.confirm()
        row = await _row(stage, product)
        assert row.status == PriceStatus.SENT
        assert row.sent_at is not None
        assert row.unseen_at is not None
        assert row.unseen_at - row.sent_at >= timedelta(seconds=after)
        assert row.confirmed_at is None

    stage.clock.jump(305)
    await worker.confirm()

    row = await _row(stage, product)
    assert (row.status, row.attempt) == (PriceStatus.CONFIRMED, 1)
    assert row.sent_at is not None
    assert row.confirmed_at is not None
    assert row.unseen_at is not None
    assert row.confirmed_at - row.sent_at >= timedelta(minutes=9)
    assert row.unseen_at < row.sent_at + timedelta(minutes=5) < row.confirmed_at
    assert stage.sandbox.audit().accepted == 1
    assert not await _told(stage)


async def test_a_price_never_shown_in_two_cities_is_told_once_with_a_link(stage: Stage) -> None:
    stage.sandbox.fault("ignored", "process", count=2)
    product, worker = await _sent(stage)
    async with stage.db.write() as tx:
        row = await tx.get(PriceHistory, (await _row(stage, product)).id)
        assert row is not None
        columns = {"decision", "send_id", "sent_at", "confirm_at", "change_reason", "new_price"}
        tx.add(
            PriceHistory(
                **row.model_dump(include=columns | {"product_id", "store_id", "created_at"}),
                city_id=ASTANA,
                status=PriceStatus.SENT,
                attempt=2,
            )
        )
    for _ in range(2):
        for wait in (95, 150, 305):
            stage.clock.jump(wait)
            await worker.confirm()
        await worker.send()
        await worker.lane.wait()

    rows = {row.city_id: row for row in await stage.history(product.id)}
    assert {row.status for row in rows.values()} == {PriceStatus.REFUSED}
    assert all(row.unseen_at for row in rows.values())
    (told,) = await _told(stage)
    assert (told.kind, told.link) == ("price_not_shown", f"/products/{product.id}")
    assert product.name in (told.body or "")
    assert stage.sandbox.audit().accepted == 2


async def test_the_first_ordinary_look_that_shows_the_price_proves_it(stage: Stage) -> None:
    product, worker = await _sent(stage)
    sent_at = (await _row(stage, product)).sent_at
    stage.clock.jump(25)
    await stage.set_product(product.id)
    await worker.run_bounded()

    sent = next(row for row in await stage.history(product.id) if row.send_id)
    assert sent.status == PriceStatus.CONFIRMED
    assert sent_at is not None
    assert sent.confirmed_at is not None
    assert sent_at < sent.confirmed_at < sent_at + timedelta(seconds=60)
    looks = _looks(stage)
    stage.clock.jump(95)
    await worker.confirm()
    assert _looks(stage) == looks


async def test_an_ordinary_look_that_misses_the_price_is_remembered(stage: Stage) -> None:
    stage.sandbox.market.delay = ApplyDelay(300, 300)
    product, worker = await _sent(stage)
    stage.clock.jump(25)
    await stage.set_product(product.id)
    await worker.run_bounded()

    sent = next(row for row in await stage.history(product.id) if row.send_id)
    assert sent.status == PriceStatus.SENT
    assert sent.sent_at is not None
    assert sent.unseen_at is not None
    assert sent.unseen_at - sent.sent_at >= timedelta(seconds=25)


async def test_what_another_seller_has_just_seen_proves_it_without_a_request(
    stage: Stage,
) -> None:
    product, worker = await _sent(stage)
    stage.clock.jump(89)
    question = Question(
        card=product.external_kaspi_id or "",
        city_id="750000000",
        merchant_ids=frozenset({"30000002"}),
    )
    await worker.checker.watch.look(question)
    looks = _looks(stage)
    stage.clock.jump(5)
    await worker.confirm()

    assert (await _row(stage, product)).status == PriceStatus.CONFIRMED
    assert _looks(stage) == looks


async def test_where_prices_are_seen_soon_the_first_look_comes_sooner(stage: Stage) -> None:
    stage.sandbox.market.freeze_rivals()
    (product,) = (await stage.switch_on(limit=1))[:1]
    async with stage.db.write() as tx:
        for number in range(12):
            sent_at = stage.clock.now() - timedelta(minutes=40 + number)
            await add_decision(
                tx,
                product,
                PriceStatus.CONFIRMED,
                new_price=product.price,
                send_id=uuid4(),
                created_at=sent_at,
                sent_at=sent_at,
                confirmed_at=sent_at + timedelta(seconds=50),
            )
    product, worker = await _sent(stage)

    row = await _row(stage, product)
    assert row.sent_at is not None
    assert row.confirm_at == row.sent_at + timedelta(seconds=40)
    stage.clock.jump(41)
    await worker.confirm()
    assert (await _row(stage, product)).status == PriceStatus.CONFIRMED
