"""The page of one product: terms, lines of the chart, sellers now, decisions in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from records import NOON, add_decision, add_product, add_store, add_user, seller
from sqlmodel import select

from cube_demper.core.errors import Conflict, NotFound
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog import service
from cube_demper.domain.catalog.errors import ProductNotFound
from cube_demper.domain.catalog.view_schemas import Side, Step
from cube_demper.domain.pricing.schemas import Action, Decision, Reason, RivalSeen, Strategy
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.pricing import MarketSnapshot, PriceHistory, PriceStatus

ALMATY, ASTANA = "750000000", "710000000"
POINTS = [
    {"id": "1_PP1", "name": "PP1", "cityId": ALMATY, "cityName": "Алматы", "enabled": True},
    {"id": "1_PP2", "name": "PP2", "cityId": ASTANA, "cityName": "Астана", "enabled": True},
    {"id": "1_PP3", "name": "PP3", "cityId": "511010000", "cityName": "Шымкент", "enabled": False},
]


async def _product(db: Database, **columns: Any) -> tuple[Actor, Product]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, points=POINTS, merchant_id="MINE")
        await add_store(tx, user, merchant_id="SISTER")
        given = {"external_kaspi_id": "77", "kaspi_sku": "A-1", "price": 1_000_000} | columns
        product = await add_product(tx, store, **given)
    return seller(user), product


def _offer(merchant: str, price: int, **more: Any) -> dict[str, Any]:
    return {"merchant_id": merchant, "name": f"Магазин {merchant}", "price": price} | more


async def _look(db: Database, minutes: int, *offers: dict[str, Any], total: int = 0) -> None:
    async with db.write() as tx:
        tx.add(
            MarketSnapshot(
                card="77",
                city_id=ALMATY,
                seen_at=NOON - timedelta(minutes=minutes),
                total=total or len(offers),
                offers=list(offers),
            )
        )


def _decision(**numbers: Any) -> dict[str, Any]:
    given = {
        "action": Action.CHANGE,
        "reason": Reason.UNDERCUT,
        "strategy": Strategy.STANDARD,
        "step": 100,
        "target": 990_000,
        "window_price": 1_000_000,
        "is_window_seen": True,
        "place": 2,
        "rival": RivalSeen("R1", "Alser", 990_100),
        "floor": 900_000,
    }
    return Decision(**(given | numbers)).to_json()


async def test_the_view_names_terms_store_and_cities(db: Database) -> None:
    actor, product = await _product(db, price_step_override=300, base_price=950_000)
    async with db.write() as tx:
        tx.add(ProductCityPrice(product_id=product.id, city_id=ASTANA, price=1_200_000))
    async with db.read() as tx:
        view = await service.product_view(tx, actor, product.id)
    assert (view.row.id, view.row.step, view.store_step) == (product.id, 300, 100)
    assert (view.card, view.city_name, view.floor) == ("77", "Алматы", 900_000)
    assert [(it.name, it.is_home, it.price) for it in view.cities] == [
        ("Алматы", True, 1_000_000),
        ("Астана", False, 1_200_000),
    ]


async def test_other_peoples_products_have_no_page(db: Database) -> None:
    _, product = await _product(db)
    async with db.write() as tx:
        stranger = seller(await add_user(tx))
        mine = await add_decision(tx, product, PriceStatus.SUGGESTED)
    async with db.write() as tx:
        for call in (
            service.product_view(tx, stranger, product.id),
            service.sellers_now(tx, stranger, product.id),
            service.price_series(tx, stranger, product.id, NOON - timedelta(days=1), NOON),
            service.decision_log(tx, stranger, product.id, only_changes=False),
        ):
            with pytest.raises(ProductNotFound):
                await call
        with pytest.raises(NotFound):
            await service.apply_suggestion(tx, stranger, mine.id, NOON)


async def test_sellers_are_told_apart(db: Database) -> None:
    actor, product = await _product(db, rival_filters={"min_rating": 4.0}, last_check_time=NOON)
    await _look(
        db,
        5,
        _offer("R1", 990_000, rating=4.9, delivery="TOMORROW"),
        _offer("LOW", 995_000, rating=3.0),
        _offer("SISTER", 998_000),
        _offer("MINE", 1_000_000, sku="A-1"),
        total=9,
    )
    async with db.read() as tx:
        found = await service.sellers_now(tx, actor, product.id)
    assert [(it.merchant_id, it.side, it.difference) for it in found.sellers] == [
        ("R1", Side.RIVAL, -10_000),
        ("LOW", Side.IGNORED, -5_000),
        ("SISTER", Side.SISTER, -2_000),
        ("MINE", Side.OWN, 0),
    ]
    assert (found.total, found.seen_at) == (9, NOON)


async def test_the_chart_draws_what_was_seen(db: Database) -> None:
    actor, product = await _product(db, last_check_time=NOON, terms_changed_at=None)
    since = NOON - timedelta(hours=24)
    await _look(db, 60 * 30, _offer("R1", 970_000), _offer("MINE", 980_000, sku="A-1"))
    await _look(db, 120, _offer("R1", 985_000), _offer("MINE", 980_000, sku="A-1"))
    await _look(db, 60, _offer("MINE", 980_000, sku="A-1"), _offer("SISTER", 1))
    async with db.write() as tx:
        await add_decision(
            tx,
            product,
            PriceStatus.CONFIRMED,
            new_price=1_000_000,
            decision=_decision(window_price=980_000, floor=930_000),
            created_at=NOON - timedelta(minutes=30),
            confirmed_at=NOON - timedelta(minutes=29),
        )
    async with db.read() as tx:
        series = await service.price_series(tx, actor, product.id, since, NOON)
    assert series.own == (
        Step(since, 980_000),
        Step(NOON - timedelta(minutes=29), 1_000_000),
    )
    assert series.rival == (
        Step(since, 970_000),
        Step(NOON - timedelta(minutes=120), 985_000),
        Step(NOON - timedelta(minutes=60), None),
    )
    assert series.floor[-1].price == 930_000


async def test_a_long_chart_is_drawn_from_decisions(db: Database) -> None:
    actor, product = await _product(db)
    await _look(db, 60, _offer("R1", 1), _offer("MINE", 2, sku="A-1"))
    at = NOON - timedelta(days=10)
    async with db.write() as tx:
        await add_decision(
            tx,
            product,
            PriceStatus.SENT,
            competitor_price=990_100,
            decision=_decision(),
            created_at=at,
        )
    async with db.read() as tx:
        since = NOON - timedelta(days=30)
        series = await service.price_series(tx, actor, product.id, since, NOON)
    assert series.own == (Step(at, 1_000_000),)
    assert series.rival == (Step(at, 990_100),)


async def test_a_product_nobody_looked_at_has_an_empty_chart(db: Database) -> None:
    actor, product = await _product(db, external_kaspi_id=None, bot_active=False)
    async with db.read() as tx:
        since = NOON - timedelta(days=1)
        series = await service.price_series(tx, actor, product.id, since, NOON)
        sellers = await service.sellers_now(tx, actor, product.id)
    assert series.is_empty
    assert (sellers.sellers, sellers.seen_at) == ((), None)


async def test_the_log_explains_and_continues(db: Database) -> None:
    actor, product = await _product(db)
    async with db.write() as tx:
        for minutes in range(5):
            await add_decision(
                tx,
                product,
                PriceStatus.CONFIRMED,
                new_price=990_000,
                decision=_decision(),
                created_at=NOON - timedelta(minutes=minutes),
            )
        await add_decision(
            tx,
            product,
            PriceStatus.HELD,
            change_reason=Reason.SUSPICIOUS_FALL,
            decision={"not": "a decision"},
            created_at=NOON + timedelta(minutes=1),
        )
    async with db.read() as tx:
        every = await service.decision_log(tx, actor, product.id, only_changes=False)
        first = await service.decision_log(tx, actor, product.id, only_changes=True, limit=3)
        last = (first[-1].at, first[-1].id)
        rest = await service.decision_log(tx, actor, product.id, only_changes=True, before=last)
    assert [len(every), len(first), len(rest)] == [6, 3, 2]
    assert not {it.id for it in first} & {it.id for it in rest}
    assert "Alser" in first[0].text
    assert every[0].needs_consent
    assert every[0].text == ""


async def test_a_suggestion_is_queued_once(db: Database) -> None:
    actor, product = await _product(db)
    async with db.write() as tx:
        advice = await add_decision(tx, product, PriceStatus.SUGGESTED)
        await service.apply_suggestion(tx, actor, advice.id, NOON)
    async with db.read() as tx:
        row = (await tx.scalars(select(PriceHistory))).one()
    assert (row.status, row.approved_at) == (PriceStatus.QUEUED, NOON)
    with pytest.raises(Conflict):
        async with db.write() as tx:
            await service.apply_suggestion(tx, actor, advice.id, NOON)
