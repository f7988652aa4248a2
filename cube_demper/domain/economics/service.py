"""What other nouns ask of economics: the book of figures, and the floors that keep a least profit."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics import queries
from cube_demper.domain.economics.profit_floors import NO_FLOORS, Book, Gap, ProfitFloors
from cube_demper.domain.economics.sale_terms import Good, SaleTerms
from cube_demper.domain.economics.solving import Goal
from cube_demper.domain.rates import service as rates
from cube_demper.domain.rates.categories import Path
from cube_demper.domain.rates.picking import Choices, list_choices
from cube_demper.models.catalog import Product

_books: dict[str, Book] = {}


async def current_book(tx: ReadTx) -> Book:
    """Return the figures in force in this installation, read anew only when somebody changed them."""
    edition = await rates.edition(tx)
    if edition not in _books:
        book = Book(await rates.current(tx))
        _books.clear()
        _books[edition] = book
    return _books[edition]


async def profit_floors(
    tx: ReadTx, min_profits: Mapping[UUID, int | None], now: datetime
) -> dict[UUID, ProfitFloors]:
    """Return the floors of these stores by the least profit that each asks for, tiyn."""
    asking = {store_id for store_id, profit in min_profits.items() if profit is not None}
    if not asking:
        return dict.fromkeys(min_profits, NO_FLOORS)
    book, on = await current_book(tx), now.astimezone(ALMATY).date()
    told = await queries.sale_terms(tx, asking)
    return {
        store_id: book.floors(told.get(store_id), profit, on)
        for store_id, profit in min_profits.items()
    }


async def prices_to_reach(
    tx: ReadTx,
    rows: Sequence[Product],
    goal: Goal,
    now: datetime,
    *,
    agreed_only: bool = False,
) -> dict[UUID, int | Gap]:
    """Return the price from which on each reaches the goal, for goods that the caller may see.

    Tiyn, whole tenge. `agreed_only`: a figure below high confidence counts once the seller agreed.
    """
    book, on = await current_book(tx), now.astimezone(ALMATY).date()
    told = await queries.sale_terms(tx, {row.store_id for row in rows})
    return {
        row.id: book.reaching(
            told.get(row.store_id), good_of(row), goal, on, agreed_only=agreed_only
        )
        for row in rows
    }


async def list_categories(
    tx: ReadTx, actor: Actor, now: datetime, *, under: Path = (), search: str = ""
) -> Choices:
    """Return categories of Kaspi's tariffs to choose from. Raises OutsideTables, PermissionDenied."""
    _ = actor.owner_id
    book = await current_book(tx)
    # A misspelt name is compared with thousands: other tabs of this process must not wait for it.
    on = now.astimezone(ALMATY).date()
    return await asyncio.to_thread(list_choices, book.tables, on, under=under, search=search)


async def terms_of_store(tx: ReadTx, store_id: UUID) -> SaleTerms | None:
    """Return a store's conditions of sale, None when its seller never told them."""
    return (await queries.sale_terms(tx, [store_id])).get(store_id)


def good_of(row: Product) -> Good:
    """Say what a calculation needs of a product."""
    return Good(row.cost_price, row.category, queries.as_path(row.tariff_category), row.weight_g)
