"""One product's economics: every step from its price to its profit, and its margin over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.economics import queries as told
from cube_demper.domain.economics import service as economics
from cube_demper.domain.economics.calculation import Calculation, calculate, percent_of_sum
from cube_demper.domain.economics.costs.errors import CostedProductNotFound
from cube_demper.domain.economics.profit_floors import Book, Gap, is_agreed
from cube_demper.domain.economics.sale_terms import SaleTerms
from cube_demper.domain.economics.settling import settle
from cube_demper.domain.economics.shop import queries
from cube_demper.models.catalog import Product

HISTORY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class MarginStep:
    """From this moment on the window price left this margin, by today's cost and conditions."""

    at: datetime
    margin: Decimal | None


@dataclass(frozen=True, slots=True)
class ProductEconomics:
    """A product's calculation; `done` None: something is missing (`gap`), or there is no price."""

    id: UUID
    store_id: UUID
    name: str
    price: int | None
    cost: int | None
    min_price: int | None
    own_category: str | None
    tariff_category: tuple[str, ...] | None
    weight_g: int | None
    done: Calculation | None
    gap: Gap | None
    history: tuple[MarginStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """What a sale at one price leaves, tiyn and percent; `is_sure`: by figures sure or agreed to."""

    profit: int
    margin: Decimal | None
    is_sure: bool


async def product_economics(
    tx: ReadTx, actor: Actor, product_id: UUID, now: datetime
) -> ProductEconomics:
    """Return a product's economics at its price now. Raises CostedProductNotFound."""
    product, terms, book = await _known(tx, actor, product_id)
    on, good = now.astimezone(ALMATY).date(), economics.good_of(product)
    tariff = book.tariff(terms, good, on)
    done = None
    if not isinstance(tariff, Gap) and terms is not None and product.price is not None:
        conditions = terms.conditions(good, on, book.categories)
        done = calculate(conditions, product.price, product.cost_price, book.tariffs)
    history: tuple[MarginStep, ...] = ()
    if not isinstance(tariff, Gap) and product.cost_price is not None:
        prices = await catalog.price_series(tx, actor, product_id, now - HISTORY, now)
        sales = [
            (it.at, it.price, settle(tariff.terms, it.price, product.cost_price))
            for it in prices.own
            if it.price
        ]
        history = tuple(
            MarginStep(at, percent_of_sum(sale.profit, price)) for at, price, sale in sales
        )
    return ProductEconomics(
        id=product.id,
        store_id=product.store_id,
        name=product.name,
        price=product.price,
        cost=product.cost_price,
        min_price=product.min_price,
        own_category=product.category,
        tariff_category=good.tariff_category,
        weight_g=product.weight_g,
        done=done,
        gap=tariff if isinstance(tariff, Gap) else None,
        history=history,
    )


async def left_at(
    tx: ReadTx, actor: Actor, product_id: UUID, price: int, now: datetime
) -> Left | Gap:
    """Return what a sale at a price would leave: told while a min. price is typed.

    Raises CostedProductNotFound, InvalidInput for a price that cannot be.
    """
    if price <= 0:
        raise InvalidInput("Цена: целое число тенге больше нуля.", field="price")
    product, terms, book = await _known(tx, actor, product_id)
    good = economics.good_of(product)
    tariff = book.tariff(terms, good, now.astimezone(ALMATY).date())
    if isinstance(tariff, Gap):
        return tariff
    if good.cost is None:
        return Gap.COST
    profit = settle(tariff.terms, price, good.cost).profit
    return Left(profit, percent_of_sum(profit, price), is_agreed(terms, tariff, price))


async def _known(
    tx: ReadTx, actor: Actor, product_id: UUID
) -> tuple[Product, SaleTerms | None, Book]:
    product = await queries.find_product(tx, actor, product_id)
    if product is None:
        raise CostedProductNotFound
    terms = await told.sale_terms(tx, [product.store_id])
    return product, terms.get(product.store_id), await economics.current_book(tx)
