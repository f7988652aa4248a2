"""What must hold after any fault.

- **Out of bounds**: an accepted price, in any city of its `cityPrices`, outside the product's bounds.
- **Sent twice**: the same SKU with the same whole `cityPrices` accepted twice without a look in between
  at a city whose price the send was to change (DESIGN §5 step 6; the sandbox's audit reads its log).
- **Lost**: after rivals stand still and all have settled, a product with the bot on whose window price
  is not the one that `decide` wants; a row that stays queued, sending, sent or unknown; a product
  still claimed when the workers have ended.
- **Ban caused by us**: a ban that the sandbox's own limits gave. Injected 403s and 429s are none.
- **Resumes by itself**: a change accepted after the last fault's end with no hand laid on, and every
  process alive: none ended but by our own signal, and each ends with 0 when asked to.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from faults.stage import FaultStage
from sqlalchemy import func, select
from sqlmodel import col

from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.pricing import checking
from cube_demper.domain.pricing.schemas import Reason
from cube_demper.domain.pricing.terms import store_terms
from cube_demper.domain.stores import service as stores
from cube_demper.integrations.kaspi import mapping
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import KaspiStore
from cube_demper.sandbox.cities import ALMATY_CITY
from cube_demper.sandbox.shop import offer_row

_OPEN = (PriceStatus.QUEUED, PriceStatus.SENDING, PriceStatus.SENT, PriceStatus.UNKNOWN)
_RESUME_MINUTES = 45
_SETTLE_MINUTES = 120
_PATIENCE = 30.0
"""Real seconds that a busy machine gets at the least, however quickly the clock leaps."""
_LONGEST_LEAP, _SHORTEST_LEAP = 600.0, 20.0
_BREATH = 0.2


@dataclass
class Verdict:
    """What one run came to."""

    accepted: int = 0
    sent_twice: int = 0
    out_of_bounds: int = 0
    lost: int = 0
    bans: int = 0
    resumed_after: float | None = None
    """Seconds of the clock from the end of the last fault to the next accepted change."""
    problems: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    """The log and our rows of the SKUs that were sent twice or out of bounds."""


async def judge(stage: FaultStage) -> Verdict:
    """Let all resume and settle after the last fault, then look at everything."""
    verdict = Verdict()
    verdict.resumed_after = await _resume(stage)
    stage.sandbox.market.freeze_rivals()
    left = await _settle(stage)
    ends = await stage.crew.end()
    claimed = await _claimed(stage)
    report = stage.sandbox.audit(stage.bounds)
    verdict.accepted = report.accepted
    verdict.sent_twice = len(report.sent_twice)
    verdict.out_of_bounds = len(report.out_of_bounds)
    verdict.lost = len(left) + len(claimed)
    verdict.bans = len(report.bans)
    if verdict.resumed_after is None:
        verdict.problems.append("после сбоев ни одной принятой цены")
    verdict.problems += [f"дважды: {twice}" for twice in report.sent_twice]
    verdict.problems += [f"вне границ: {out}" for out in report.out_of_bounds]
    verdict.problems += [f"потеряно: {what}" for what in (*left, *claimed)]
    verdict.problems += [f"бан по нашей вине: {ban}" for ban in report.bans]
    verdict.problems += [*stage.broken, *stage.crew.deaths, *ends]
    for found in (*report.sent_twice, *report.out_of_bounds):
        verdict.evidence += await _story(stage, found.store, found.sku)
    return verdict


async def _story(stage: FaultStage, merchant: str, sku: str) -> list[str]:
    """Tell what Kaspi saw and what we wrote of one SKU, in the order of time."""
    card = stage.sandbox.world.stores[merchant][sku].card_id
    told = [
        (entry["at"], f"Kaspi {entry}")
        for entry in stage.sandbox.journal.entries
        if entry.get("card") == card or sku in str(entry.get("skus"))
    ]
    async with stage.services.db.read() as tx:
        rows = await tx.scalars(
            select(PriceHistory)
            .join(Product, col(Product.id) == col(PriceHistory.product_id))
            .where(col(Product.kaspi_sku) == sku)
        )
        told += [
            ((row.sent_at or row.created_at).isoformat(timespec="milliseconds"), f"row {row!r}")
            for row in rows
        ]
    return [f"{at} {what}" for at, what in sorted(told)]


async def _resume(stage: FaultStage) -> float | None:
    """Wait for the first accepted change after the faults, leaping where nothing is due.

    Rivals may rest or be at war just now, so the seller's own hand gives the bot something to do: a
    price over the cap, which no guard holds back.
    """
    for (merchant, sku), (_, cap) in stage.bounds.items():
        stage.sandbox.market.set_store_price(merchant, sku, cap + 1_000, city_id=ALMATY_CITY.id)
    ended, number = stage.clock.now(), stage.sandbox.journal.last_number
    is_over = _limit(stage, _RESUME_MINUTES)
    while not is_over():
        if await stage.until(lambda: stage.accepted(number) > 0, 0.1):
            first = next(stage.sandbox.journal.since(number, kind="accepted"))
            return (datetime.fromisoformat(first["at"]) - ended).total_seconds()
        stage.clock.leap(await _seconds_to_next(stage))
    return None


async def _settle(stage: FaultStage) -> list[str]:
    """Wait until nothing is left to do; return what stays undone."""
    is_over = _limit(stage, _SETTLE_MINUTES)
    while left := await _unsettled(stage):
        if is_over():
            return left
        stage.clock.leap(await _seconds_to_next(stage))
        await asyncio.sleep(_BREATH)
    return []


def _limit(stage: FaultStage, minutes: float) -> Callable[[], bool]:
    """Return what tells that so much time has passed by the clock, and enough of real time too."""
    by_clock = stage.clock.now() + timedelta(minutes=minutes)
    by_machine = time.monotonic() + _PATIENCE
    return lambda: stage.clock.now() > by_clock and time.monotonic() > by_machine


async def _unsettled(stage: FaultStage) -> list[str]:
    async with stage.services.db.read() as tx:
        rows = await tx.execute(
            select(col(PriceHistory.status), func.count())
            .where(col(PriceHistory.status).in_(_OPEN))
            .group_by(col(PriceHistory.status))
        )
        left = [f"строки в состоянии {status}: {count}" for status, count in rows]
    return left or await _unwanted_prices(stage)


async def _unwanted_prices(stage: FaultStage) -> list[str]:
    """Ask `decide` about every product, on the market as the sandbox has it now."""
    now = stage.clock.now()
    async with stage.services.db.read() as tx:
        ready = {store.id: store for store in await stores.ready_stores(tx, SYSTEM, now)}
        if set(ready) != set(stage.stores.values()):
            return ["магазин не готов к работе"]
        query = select(Product).where(col(Product.bot_active)).order_by(col(Product.kaspi_sku))
        due = await checking.due_products(tx, (await tx.scalars(query)).all(), ready)
    left = []
    for product in due:
        store = ready[product.product.store_id]
        terms = store_terms(store, min_price_tenge=10, max_fall_percent=30)
        for city in product.product.cities:
            market = _market(stage, product.product.card, city.city_id)
            outcome = checking.judge(product, city, market, store=store, terms=terms, now=now)
            decision = outcome.decision
            if decision.is_change or decision.reason is Reason.WAITING_SECOND_LOOK:
                left.append(
                    f"{product.product.sku}: на витрине {decision.window_price}, "
                    f"нужна {decision.target} ({decision.reason})"
                )
    return left


def _market(stage: FaultStage, card: str, city_id: str) -> Market:
    now = stage.clock.now()
    world = stage.sandbox.world
    rows = [
        offer_row(world.cards[card], listing, price, city_id, now.timestamp())
        for price, listing in sorted(
            stage.sandbox.market.offers(card, city_id), key=lambda pair: pair[0]
        )
    ]
    page = mapping.offers_page({"offers": rows, "total": len(rows), "offersCount": len(rows)})
    return Market(card, city_id, page.offers, page.total, now)


async def _seconds_to_next(stage: FaultStage) -> float:
    """Return how far time may leap: to the next moment at which the product wants to do something."""
    now = stage.clock.now()
    moments = (
        select(func.min(col(Product.next_check_at))).where(col(Product.bot_active)),
        select(func.min(col(PriceHistory.confirm_at))).where(col(PriceHistory.status).in_(_OPEN)),
        select(func.min(col(KaspiStore.sends_blocked_until))).where(
            col(KaspiStore.sends_blocked_until) > now
        ),
    )
    is_sending = col(PriceHistory.status) == PriceStatus.SENDING
    async with stage.services.db.read() as tx:
        if await tx.scalar(select(func.count()).where(is_sending)):
            return 0  # a leap would be a fault of its own: the call would miss its turn
        known = [await tx.scalar(moment) for moment in moments]
    next_at = min((moment for moment in known if moment), default=now)
    return min(max((next_at - now).total_seconds(), _SHORTEST_LEAP), _LONGEST_LEAP)


async def _claimed(stage: FaultStage) -> list[str]:
    async with stage.services.db.read() as tx:
        skus = await tx.scalars(
            select(col(Product.kaspi_sku)).where(col(Product.claimed_by).is_not(None))
        )
        return [f"{sku} остался занят" for sku in skus]
