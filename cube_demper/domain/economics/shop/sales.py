"""What orders brought: revenue from Kaspi, profit by the conditions of each day and today's cost.

An entry of an order is settled as one sale at its sum; what is paid once for an order is shared by them.
What has no product, no cost or no tariff is counted apart, never as free.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics import queries as told
from cube_demper.domain.economics import service as economics
from cube_demper.domain.economics.calculation import percent_of_sum
from cube_demper.domain.economics.profit_floors import Book, Gap, is_agreed
from cube_demper.domain.economics.sale_terms import Good, SaleTerms
from cube_demper.domain.economics.settling import profit_of
from cube_demper.domain.economics.shop import queries
from cube_demper.domain.economics.shop.parcels import Entry, Parcel, Part, parcel_of
from cube_demper.domain.economics.tariffs import Tariff
from cube_demper.models.orders import Order

SPAN = timedelta(days=90)
MOST_ENTRIES = 20_000


class Missing(StrEnum):
    """What is not known of an order's goods: the product itself, or what a `Gap` names."""

    PRODUCT = "product"
    COST = "cost"
    TARIFF = "tariff"


@dataclass(frozen=True, slots=True)
class OrderMargin:
    """One order: when, its sum and what it left; `profit` None: something about it is not known."""

    at: datetime
    revenue: int
    profit: int | None
    missing: tuple[Missing, ...] = ()
    """Why the profit is not known; told for a single order alone, as is the next."""
    is_sure: bool = True
    """Tell whether its figures are of high confidence, or agreed to."""

    @property
    def margin(self) -> Decimal | None:
        """Return the profit as a percentage of the sum."""
        return None if self.profit is None else percent_of_sum(self.profit, self.revenue)


@dataclass(frozen=True, slots=True)
class Week:
    """Orders of a week that begins on Monday; profit and margin are of those that are known."""

    begins: date
    orders: int
    revenue: int
    known_revenue: int
    profit: int

    @property
    def margin(self) -> Decimal | None:
        """Return the margin of what is known."""
        return percent_of_sum(self.profit, self.known_revenue)


@dataclass(frozen=True, slots=True)
class BotEffect:
    """What the bot's prices changed about the pieces sold since its switch-on.

    `gained` and `lost`: the difference in profit between the price sold at and the price when the bot
    was switched on, tiyn. How many orders the place itself brought nobody knows.
    """

    pieces: int = 0
    gained: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Sales:
    """The orders of the last `SPAN`, newest last. `is_cut`: there were more than are counted.

    `is_sure`: what is known of them was settled by figures of high confidence, or agreed to.
    """

    orders: tuple[OrderMargin, ...] = ()
    weeks: tuple[Week, ...] = ()
    effect: BotEffect = BotEffect()
    is_cut: bool = False
    is_sure: bool = True

    @property
    def revenue(self) -> int:
        """Add up all orders."""
        return sum(it.revenue for it in self.orders)

    @property
    def profit(self) -> int:
        """Add up what is known."""
        return sum(it.profit for it in self.orders if it.profit is not None)

    @property
    def known_revenue(self) -> int:
        """Add up the orders whose profit is known."""
        return sum(it.revenue for it in self.orders if it.profit is not None)


async def sales(tx: ReadTx, actor: Actor, store_id: UUID | None, now: datetime) -> Sales:
    """Return the orders that were neither cancelled nor returned."""
    rows = await queries.list_entries(tx, actor, store_id, now - SPAN, MOST_ENTRIES + 1)
    if not rows:
        return Sales()
    book = await economics.current_book(tx)
    terms = await told.sale_terms(tx, {row[4] for row in rows})
    entries = [_entry(row) for row in rows[:MOST_ENTRIES]]
    return await asyncio.to_thread(sum_up, entries, book, terms, is_cut=len(rows) > MOST_ENTRIES)


async def order_margin(tx: ReadTx, actor: Actor, order: Order) -> OrderMargin | None:
    """Return what one of the actor's orders leaves; None when it was not sold or has no goods yet."""
    at = order.ordered_at
    rows = await queries.list_entries(
        tx, actor, order.store_id, at, MOST_ENTRIES, order_id=order.id
    )
    if not rows:
        return None
    book = await economics.current_book(tx)
    terms = await told.sale_terms(tx, {order.store_id})
    entries = [_entry(row) for row in rows]
    sold = await asyncio.to_thread(sum_up, entries, book, terms)
    (found,) = sold.orders
    return replace(found, missing=missing_of(entries, book, terms), is_sure=sold.is_sure)


def missing_of(
    entries: Sequence[Entry], book: Book, terms: dict[UUID, SaleTerms]
) -> tuple[Missing, ...]:
    """Return what keeps the profit of an order from being known, each reason once. Pure."""
    return tuple(dict.fromkeys(it for it in (_missing(e, book, terms) for e in entries) if it))


def sum_up(
    entries: Sequence[Entry], book: Book, terms: dict[UUID, SaleTerms], *, is_cut: bool = False
) -> Sales:
    """Settle the entries and add them up by order and week. Pure."""
    by_order: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_order[entry.order_id].append(entry)
    orders: list[OrderMargin] = []
    gained = lost = pieces = 0
    is_sure = True
    for parts in by_order.values():
        parcel = parcel_of(parts, book, terms)
        profits: list[int | None] = []
        for number, entry in enumerate(parts):
            part = parcel.parts[number] if parcel else None
            profit = _profit(entry, entry.revenue, part, book, terms)
            profits.append(profit)
            is_sure = is_sure and (profit is None or _is_sure(entry, book, terms))
            before = _before_bot(entry, parcel, part, book, terms)
            if profit is not None and before is not None:
                pieces += int(entry.quantity)
                gained += max(0, profit - before)
                lost += max(0, before - profit)
        orders.append(_order(parts, profits))
    orders.sort(key=lambda it: it.at)
    effect = BotEffect(pieces, gained, lost)
    return Sales(tuple(orders), _weeks(orders), effect, is_cut, is_sure)


def _order(parts: Sequence[Entry], profits: Sequence[int | None]) -> OrderMargin:
    known = None if any(it is None for it in profits) else sum(it or 0 for it in profits)
    return OrderMargin(parts[0].at, sum(entry.revenue for entry in parts), known)


def _weeks(orders: Sequence[OrderMargin]) -> tuple[Week, ...]:
    by_week: dict[date, list[OrderMargin]] = defaultdict(list)
    for order in orders:
        on = order.at.astimezone(ALMATY).date()
        by_week[on - timedelta(days=on.weekday())].append(order)
    return tuple(
        Week(
            begins,
            len(found),
            sum(it.revenue for it in found),
            sum(it.revenue for it in found if it.profit is not None),
            sum(it.profit or 0 for it in found),
        )
        for begins, found in sorted(by_week.items())
    )


def _profit(
    entry: Entry, revenue: int, part: Part | None, book: Book, terms: dict[UUID, SaleTerms]
) -> int | None:
    """Return what one entry would leave at this sum, tiyn; None: not known."""
    if entry.good is None or entry.good.cost is None or revenue <= 0:
        return None
    tariff = _tariff(entry, book, terms)
    if isinstance(tariff, Gap):
        return None
    cost = int(entry.good.cost * entry.quantity)
    if part is None:
        return profit_of(tariff.terms, revenue, cost)
    return profit_of(part.of(tariff.terms), revenue, cost, part.delivery)


def _is_sure(entry: Entry, book: Book, terms: dict[UUID, SaleTerms]) -> bool:
    tariff = _tariff(entry, book, terms)
    own = terms.get(entry.store_id)
    return not isinstance(tariff, Gap) and is_agreed(own, tariff, entry.revenue)


def _tariff(entry: Entry, book: Book, terms: dict[UUID, SaleTerms]) -> Tariff | Gap:
    good = entry.good or Good(None)
    return book.tariff(terms.get(entry.store_id), good, entry.at.astimezone(ALMATY).date())


def _missing(entry: Entry, book: Book, terms: dict[UUID, SaleTerms]) -> Missing | None:
    if entry.good is None:
        return Missing.PRODUCT
    if entry.good.cost is None:
        return Missing.COST
    is_known = entry.revenue <= 0 or _profit(entry, entry.revenue, None, book, terms) is not None
    return None if is_known else Missing.TARIFF


def _before_bot(
    entry: Entry,
    parcel: Parcel | None,
    part: Part | None,
    book: Book,
    terms: dict[UUID, SaleTerms],
) -> int | None:
    """Return what the same pieces would have left at the price before the bot."""
    if entry.base_price is None or entry.bot_since is None or entry.at < entry.bot_since:
        return None
    revenue = int(entry.base_price * entry.quantity)
    if parcel is not None and part is not None:
        dearer = parcel.dearer_by(revenue - entry.revenue)
        part = replace(part, delivery=part.delivery + dearer)
    return _profit(entry, revenue, part, book, terms)


def _entry(row: Sequence[Any]) -> Entry:
    order_id, at, revenue, quantity, store_id, *of_product = row
    cost, category, chosen, weight, base_price, bot_since, product_id = of_product
    good = Good(cost, category, told.as_path(chosen), weight) if product_id else None
    return Entry(order_id, at, revenue, quantity, store_id, good, base_price, bot_since)
