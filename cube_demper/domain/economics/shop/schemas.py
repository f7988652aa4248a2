"""What pages are told about a store's economics. Money in tiyn, percentages as Decimals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from cube_demper.domain.economics.profit_floors import Gap
from cube_demper.domain.economics.sale_terms import SaleTerms
from cube_demper.domain.rates.figures import Figure

PAGE_SIZE = 50
LOW_MARGIN = Decimal(10)
"""Percent; below it a margin counts as low."""


class MarginTab(StrEnum):
    """The questions asked of the table of margins."""

    ALL = "all"
    LOSS = "loss"
    LOW = "low"
    NO_COST = "no_cost"
    UNKNOWN = "unknown"


class MarginSort(StrEnum):
    """What the table can be sorted by; blanks always come last."""

    NAME = "name"
    PRICE = "price"
    COST = "cost"
    COMMISSION = "commission"
    DELIVERY = "delivery"
    TAX = "tax"
    PROFIT = "profit"
    MARGIN = "margin"


@dataclass(frozen=True, slots=True)
class MarginQuery:
    """One view of the table; all of it lives in the page's address."""

    tab: MarginTab = MarginTab.ALL
    search: str = ""
    store_id: UUID | None = None
    sort: MarginSort = MarginSort.MARGIN
    is_descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class MarginRow:
    """What a sale of one product at its price now leaves.

    `tax` has the VAT due in it. `other`: packaging, advertising, bonus, returns and the rest.
    What needs a missing cost or another missing thing (`gap`) is None. `is_sure`: every figure
    behind it is.
    """

    id: UUID
    name: str
    sku: str
    store_id: UUID
    store_name: str
    image_url: str | None
    price: int | None
    cost: int | None
    min_price: int | None
    bot_active: bool
    commission: int | None = None
    delivery: int | None = None
    tax: int | None = None
    other: int | None = None
    profit: int | None = None
    margin: Decimal | None = None
    gap: Gap | None = None
    is_sure: bool = True

    @property
    def tabs(self) -> tuple[MarginTab, ...]:
        """Return the tabs that it stands under."""
        found = [MarginTab.ALL]
        if self.cost is None:
            found.append(MarginTab.NO_COST)
        elif self.profit is None:
            found.append(MarginTab.UNKNOWN)
        elif self.profit < 0:
            found.append(MarginTab.LOSS)
        elif self.margin is not None and self.margin < LOW_MARGIN:
            found.append(MarginTab.LOW)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class MarginPage:
    """One page of the table and what all goods come to; goods without a cost are in no figure."""

    rows: tuple[MarginRow, ...]
    total: int
    page: int
    counts: Mapping[MarginTab, int]
    median: Decimal | None
    """The middle margin of the goods whose margin is known."""
    known: int
    gaps: Mapping[Gap, int] = field(default_factory=dict)
    unsure: int = 0

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class Kind:
    """A category of Kaspi's catalogue among the store's goods, and what the tariffs call it."""

    name: str
    goods: int
    path: tuple[str, ...] | None
    """None: not found, nor chosen; the store's usual one is taken, if there is one."""
    percent: Decimal | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class StoreTermsView:
    """A store's conditions; `terms` None: never told. `unsure`: figures to be agreed to."""

    store_id: UUID
    store_name: str
    terms: SaleTerms | None
    kinds: tuple[Kind, ...] = ()
    unsure: tuple[Figure, ...] = ()
    unsure_keys: tuple[str, ...] = ()
    agreed: tuple[Figure, ...] = ()
    """The figures below high confidence that were agreed to and are still used."""
