"""The margin of every product at its price now: counted for all, told a page at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics import queries as told
from cube_demper.domain.economics import service as economics
from cube_demper.domain.economics.calculation import percent_of_sum
from cube_demper.domain.economics.profit_floors import Book, Gap
from cube_demper.domain.economics.sale_terms import Good, SaleTerms, figure_key
from cube_demper.domain.economics.settling import settle
from cube_demper.domain.economics.shop import queries
from cube_demper.domain.economics.shop.schemas import (
    PAGE_SIZE,
    MarginPage,
    MarginQuery,
    MarginRow,
    MarginSort,
    MarginTab,
)
from cube_demper.domain.economics.tariffs import Tariff
from cube_demper.domain.economics.terms import TaxBase
from cube_demper.domain.rates.categories import Path

Terms = dict[UUID, SaleTerms]
_PLAIN = (
    "id", "name", "sku", "store_id", "store_name", "image_url", "price", "cost", "min_price",
    "bot_active",
)  # fmt: skip
"""What of `queries.SHOWN` a row shows as it is."""


async def list_margins(tx: ReadTx, actor: Actor, query: MarginQuery, now: datetime) -> MarginPage:
    """Return one page of the table and the figures of all goods under the search and the store."""
    rows = await _all(tx, actor, query, now)
    return await asyncio.to_thread(_page, rows, query)


async def ids_under(
    tx: ReadTx, actor: Actor, query: MarginQuery, now: datetime
) -> tuple[UUID, ...]:
    """Return the ids of everything under a view, whatever the page."""
    rows = await _all(tx, actor, query, now)
    return tuple(row.id for row in rows if query.tab in row.tabs)


async def _all(tx: ReadTx, actor: Actor, query: MarginQuery, now: datetime) -> list[MarginRow]:
    goods = await queries.list_goods(tx, actor, query.store_id, query.search)
    book = await economics.current_book(tx)
    terms = await told.sale_terms(tx, {row[3] for row in goods})
    on = now.astimezone(ALMATY).date()
    # 60,000 goods take half a second: other tabs of this process must not wait for it.
    return await asyncio.to_thread(margins_on, book, terms, goods, on)


def margins_on(
    book: Book, terms: Terms, goods: Sequence[Sequence[Any]], on: date
) -> list[MarginRow]:
    """Work out the margin of goods (`queries.SHOWN`) by the figures of a day."""
    count = _Count(book, terms, on)
    return [count.margin_of(row) for row in goods]


class _Count:
    """Counts rows one after the other; what goods of one kind share is worked out once."""

    def __init__(self, book: Book, terms: Terms, on: date) -> None:
        self._book, self._terms, self._on = book, terms, on
        self._tariffs: dict[tuple[UUID, Any, Any, Any], Tariff | Gap] = {}
        self._sure: dict[tuple[int, UUID, int], bool] = {}

    def margin_of(self, row: Sequence[Any]) -> MarginRow:
        """Work out one row; `row` is `queries.SHOWN`."""
        *values, category, chosen, weight = row
        plain: dict[str, Any] = dict(zip(_PLAIN, values, strict=True))
        store_id, price, cost = plain["store_id"], plain["price"], plain["cost"]
        tariff = self._tariff(store_id, category, told.as_path(chosen), weight)
        if isinstance(tariff, Gap):
            return MarginRow(**plain, gap=tariff)
        if price is None:
            return MarginRow(**plain)
        sale = settle(tariff.terms, price, cost or 0)
        needs_cost = cost is None and tariff.terms.tax_base is TaxBase.PROFIT
        return MarginRow(
            **plain,
            commission=sale.commission + sale.surcharge,
            delivery=sale.delivery,
            tax=None if needs_cost else sale.tax + sale.vat_out - sale.vat_in,
            other=sale.packaging + sale.advertising + sale.bonus + sale.returns + sale.other,
            profit=None if cost is None else sale.profit,
            margin=None if cost is None else percent_of_sum(sale.profit, price),
            gap=Gap.COST if cost is None else None,
            is_sure=self._is_sure(tariff, store_id, price),
        )

    def _tariff(
        self, store_id: UUID, category: str | None, chosen: Path | None, weight: int | None
    ) -> Tariff | Gap:
        key = store_id, category, chosen, weight
        if key not in self._tariffs:
            good = Good(None, category, chosen, weight)
            self._tariffs[key] = self._book.tariff(self._terms.get(store_id), good, self._on)
        return self._tariffs[key]

    def _is_sure(self, tariff: Tariff, store_id: UUID, price: int) -> bool:
        """Tell whether each figure behind a price is sure or agreed to."""
        step = sum(it.price_from <= price for it in tariff.steps)
        key = id(tariff), store_id, step
        if key not in self._sure:
            own = self._terms.get(store_id)
            agreed = own.agreed if own else frozenset()
            self._sure[key] = all(
                it.confidence.is_sure or figure_key(it) in agreed for it in tariff.figures_at(price)
            )
        return self._sure[key]


def _page(rows: list[MarginRow], query: MarginQuery) -> MarginPage:
    tabs = [row.tabs for row in rows]
    counts = Counter(tab for found in tabs for tab in found)
    margins = [row.margin for row in rows if row.margin is not None]
    chosen = [row for row, found in zip(rows, tabs, strict=True) if query.tab in found]
    page = min(max(query.page, 1), max(1, -(-len(chosen) // PAGE_SIZE)))
    chosen = _sorted(chosen, query)
    return MarginPage(
        rows=tuple(chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        total=len(chosen),
        page=page,
        counts={tab: counts[tab] for tab in MarginTab},
        median=median(margins).quantize(Decimal("0.1")) if margins else None,
        known=len(margins),
        gaps=Counter(row.gap for row in rows if row.gap is not None),
        unsure=sum(not row.is_sure for row in rows),
    )


def _sorted(rows: list[MarginRow], query: MarginQuery) -> list[MarginRow]:
    rows.sort(key=lambda row: (row.name.lower(), row.id))
    if query.sort is MarginSort.NAME:
        return rows[::-1] if query.is_descending else rows
    name = query.sort.value
    known = [row for row in rows if getattr(row, name) is not None]
    blank = [row for row in rows if getattr(row, name) is None]
    known.sort(key=lambda row: getattr(row, name), reverse=query.is_descending)
    return known + blank
