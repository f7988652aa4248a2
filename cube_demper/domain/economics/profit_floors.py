"""The price below which a sale no longer leaves the seller's least profit. Pure.

A price that is set today may stand until tomorrow's first look (the bot sleeps at night), so a floor
holds under the figures of today and of tomorrow: a change on 1 January raises it a day early, and
lowers it on its day. It is never under cost + profit, whatever the tables say. What cannot be worked
out is a `Gap`, not a low floor: the bot then lowers nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import ceil_to_tenge
from cube_demper.domain.economics.sale_terms import Good, SaleTerms, figure_key
from cube_demper.domain.economics.solving import Goal, prices_reaching
from cube_demper.domain.economics.tariffs import Tariff, Tariffs
from cube_demper.domain.rates.categories import Categories
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.tables import Tables

_GOODS = 1_024
"""Floors kept of one store: a missed one costs some 50 µs, and a look a hundred times that."""
_STORES = 512
_A_DAY = timedelta(days=1)


class Gap(StrEnum):
    """Why a floor by profit is not known."""

    TERMS = "terms"
    COST = "cost"
    CATEGORY = "category"
    WEIGHT = "weight"
    RATE = "rate"
    UNSURE = "unsure"
    UNREACHABLE = "unreachable"


GAP_WORDS = {
    Gap.TERMS: "не заданы условия магазина",
    Gap.COST: "не указана себестоимость",
    Gap.CATEGORY: "не выбрана категория тарифов Kaspi",
    Gap.WEIGHT: "не указан вес",
    Gap.RATE: "тарифов на эту дату нет",
    Gap.UNSURE: "вы ещё не подтвердили неточные цифры",
    Gap.UNREACHABLE: "такой прибыли не даёт никакая цена",
}
"""The same in the seller's words."""

ProfitFloor = int | Gap | None
"""Whole tenge in tiyn; None: the seller asks for no least profit."""


class ProfitFloors:
    """The floors of one store's goods on a day (Almaty)."""

    def __init__(self, find: Callable[[Good], ProfitFloor] | None = None) -> None:
        """`find` None: the seller asks for no least profit."""
        self._find = find

    def of(self, good: Good) -> ProfitFloor:
        """Return a good's floor."""
        return None if self._find is None else self._find(good)


NO_FLOORS = ProfitFloors()


class Book:
    """The tables as floors are made of them; changed tables need a new book."""

    def __init__(self, tables: Tables) -> None:
        """Remember what costs time: terms by category and weight, floors by store."""
        self.tables = tables
        self.tariffs = Tariffs(tables)
        self.floors = lru_cache(_STORES)(self._floors)

    @property
    def categories(self) -> Categories:
        """The tree of Kaspi's categories."""
        return self.tables.categories

    def tariff(self, terms: SaleTerms | None, good: Good, on: date) -> Tariff | Gap:
        """Return what a good's sale is charged with on a day, or what is missing for it."""
        if terms is None:
            return Gap.TERMS
        try:
            return self.tariffs.of(terms.conditions(good, on, self.categories))
        except InvalidInput as error:
            return {"category": Gap.CATEGORY, "weight": Gap.WEIGHT}.get(
                error.field or "", Gap.TERMS
            )
        except NoRate as error:
            return Gap.CATEGORY if error.options else Gap.RATE

    def reaching(
        self, terms: SaleTerms | None, good: Good, goal: Goal, on: date, *, agreed_only: bool = True
    ) -> int | Gap:
        """Return the price above which each reaches the goal today and tomorrow, or why there is none.

        `agreed_only`: figures below high confidence count only when the seller has agreed to them.
        """
        if good.cost is None:
            return Gap.COST
        if terms is None:
            return Gap.TERMS
        found: list[int] = []
        last: Tariff | None = None
        for day in (on, on + _A_DAY):
            tariff = self.tariff(terms, good, day)
            if isinstance(tariff, Gap):
                return tariff
            if last is None or tariff.terms != last.terms:
                safe = prices_reaching(tariff.terms, good.cost, goal).safe
                if safe is None:
                    return Gap.UNREACHABLE
                found.append(safe)
            if agreed_only and not is_agreed(terms, tariff, found[-1]):
                return Gap.UNSURE
            last = tariff
        return max(found)

    def _floors(self, terms: SaleTerms | None, min_profit: int | None, on: date) -> ProfitFloors:
        if min_profit is None:
            return NO_FLOORS
        goal = Goal(profit=min_profit)

        def find(good: Good) -> int | Gap:
            price = self.reaching(terms, good, goal, on)
            if isinstance(price, Gap):
                return price
            return max(price, ceil_to_tenge((good.cost or 0) + min_profit))

        return ProfitFloors(lru_cache(_GOODS)(find))


def is_agreed(terms: SaleTerms | None, tariff: Tariff, price: int) -> bool:
    """Tell whether each figure behind a price is of high confidence or agreed to by the seller."""
    agreed = terms.agreed if terms else frozenset()
    figures = tariff.figures_at(price)
    return all(it.confidence.is_sure or figure_key(it) in agreed for it in figures)
