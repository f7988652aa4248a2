"""A store's conditions of sale: told once, corrected for a product where it differs, figures agreed to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.economics import queries as told
from cube_demper.domain.economics import service as economics
from cube_demper.domain.economics.conditions import MOST_WEIGHT
from cube_demper.domain.economics.costs.errors import CostedProductNotFound
from cube_demper.domain.economics.profit_floors import Book, Gap
from cube_demper.domain.economics.sale_terms import Good, SaleTerms, figure_key
from cube_demper.domain.economics.shop import queries
from cube_demper.domain.economics.shop.schemas import Kind, StoreTermsView
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.figures import Figure
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.models.staff import Area

_BATCH = 5_000
_SHOWN_KINDS = 60


async def store_terms(tx: ReadTx, actor: Actor, store_id: UUID, now: datetime) -> StoreTermsView:
    """Return a store's conditions with what is still open about them. Raises StoreNotFound."""
    name = await _own_store(tx, actor, store_id)
    book, on = await economics.current_book(tx), now.astimezone(ALMATY).date()
    terms = (await told.sale_terms(tx, [store_id])).get(store_id)
    rows = await queries.kinds_of(tx, store_id)
    used = _unsure(book, terms, rows, on)
    agreed = terms.agreed if terms else frozenset()
    open_ = {key: it for key, it in used.items() if key not in agreed}
    return StoreTermsView(
        store_id,
        name,
        terms,
        kinds=_kinds(book, terms, rows, on),
        unsure=tuple(open_.values()),
        unsure_keys=tuple(open_),
        agreed=tuple(it for key, it in used.items() if key in agreed),
    )


async def save_terms(
    tx: WriteTx, actor: Actor, store_id: UUID, terms: SaleTerms, now: datetime
) -> None:
    """Save a store's conditions; its bots look at their goods anew, for their floors may have moved.

    What was agreed to and the goods' own categories stay. Raises InvalidInput, StoreNotFound.
    """
    actor.require(Area.PRICES)
    await _own_store(tx, actor, store_id)
    book, on = await economics.current_book(tx), now.astimezone(ALMATY).date()
    before = (await told.sale_terms(tx, [store_id])).get(store_id)
    if before is not None:
        terms = replace(terms, agreed=before.agreed, categories=before.categories)
    _check(book, terms, on)
    if terms == before:
        return
    await _write(tx, actor, store_id, terms, "bot_sale_terms_changed", now=now)


async def choose_kind(
    tx: WriteTx, actor: Actor, store_id: UUID, *, kind: str, category: str, now: datetime
) -> None:
    """Say what the tariffs call a category of the store's goods; blank: no longer.

    Raises InvalidInput with the names like it, StoreNotFound.
    """
    actor.require(Area.PRICES)
    terms = await _known_terms(tx, actor, store_id)
    book, on = await economics.current_book(tx), now.astimezone(ALMATY).date()
    kept = {name: path for name, path in terms.categories if name != kind}
    if path := read_category(book, category, on):
        kept[kind] = path
    changed = replace(terms, categories=tuple(sorted(kept.items())))
    await _write(tx, actor, store_id, changed, "bot_sale_category_chosen", now=now)


async def agree(
    tx: WriteTx, actor: Actor, store_id: UUID, keys: Collection[str], now: datetime
) -> None:
    """Take figures below high confidence as they were shown; others stay open. Raises StoreNotFound."""
    actor.require(Area.PRICES)
    terms = await _known_terms(tx, actor, store_id)
    book, on = await economics.current_book(tx), now.astimezone(ALMATY).date()
    used = _unsure(book, terms, await queries.kinds_of(tx, store_id), on)
    agreed = frozenset(used) & (terms.agreed | frozenset(keys))
    await _write(tx, actor, store_id, replace(terms, agreed=agreed), "bot_figures_agreed", now=now)


async def set_product_terms(
    tx: WriteTx,
    actor: Actor,
    product_id: UUID,
    *,
    category: str,
    weight_g: int | None,
    now: datetime,
) -> None:
    """Correct a product's category in the tariffs and its weight; blank: its store's.

    Raises InvalidInput, CostedProductNotFound.
    """
    if weight_g is not None and not 0 < weight_g <= MOST_WEIGHT:
        raise InvalidInput("Вес: больше нуля и не больше 5 тонн.", field="weight")
    product = await queries.find_product(tx, actor, product_id, lock=True)
    if product is None:
        raise CostedProductNotFound
    book, on = await economics.current_book(tx), now.astimezone(ALMATY).date()
    path = read_category(book, category, on)
    new = {"tariff_category": list(path) if path else None, "weight_g": weight_g}
    old = {name: getattr(product, name) for name in new}
    if old == new:
        return
    product.tariff_category, product.weight_g = new["tariff_category"], weight_g  # type: ignore[assignment] # two kinds in one dict
    details = {"old": old, "new": new}
    await audit.record(tx, actor, "product_sale_terms_changed", "product", product_id, **details)
    await tx.flush()
    await pricing.forget_memory(tx, actor, [product_id], now)
    tx.emit(f"user:{actor.owner_id}", "product", product_id)


def read_category(book: Book, text: str, on: date) -> tuple[str, ...] | None:
    """Read a category typed as a name or as a path with «>». Raises InvalidInput with names like it."""
    path = tuple(part.strip() for part in text.replace("/", ">").split(">") if part.strip())
    if not path:
        return None
    try:
        book.tables.commission(path, on)
    except NoRate as error:
        raise InvalidInput(error.message, field="category") from None
    return path


async def _own_store(tx: ReadTx, actor: Actor, store_id: UUID) -> str:
    for id_, name, _ in await queries.list_stores(tx, actor):
        if id_ == store_id:
            return name
    raise StoreNotFound


async def _known_terms(tx: ReadTx, actor: Actor, store_id: UUID) -> SaleTerms:
    await _own_store(tx, actor, store_id)
    terms = (await told.sale_terms(tx, [store_id])).get(store_id)
    if terms is None:
        raise InvalidInput("Сначала сохраните условия магазина.")
    return terms


async def _write(
    tx: WriteTx, actor: Actor, store_id: UUID, terms: SaleTerms, action: str, *, now: datetime
) -> None:
    await queries.save_terms(tx, store_id, told.columns_of(terms))
    await audit.record(tx, actor, action, "store", store_id)
    moved = await queries.bot_ids(tx, store_id)
    for start in range(0, len(moved), _BATCH):
        await pricing.forget_memory(tx, actor, moved[start : start + _BATCH], now)
    tx.emit(f"user:{actor.owner_id}", "store", store_id)


def _check(book: Book, terms: SaleTerms, on: date) -> None:
    """Refuse conditions that no good could be sold under. Raises InvalidInput."""
    if terms.category is not None:
        read_category(book, " > ".join(terms.category), on)
    if terms.weight_g is not None and not 0 < terms.weight_g <= MOST_WEIGHT:
        raise InvalidInput("Вес: больше нуля и не больше 5 тонн.", field="weight")
    tried = replace(terms, commission_percent=terms.commission_percent or Decimal(1))
    conditions = tried.conditions(Good(weight_g=terms.weight_g or 1), on, book.categories)
    try:
        book.tariffs.of(conditions)
    except NoRate as error:
        raise InvalidInput(error.message, field="region") from None


def _unsure(
    book: Book,
    terms: SaleTerms | None,
    rows: Sequence[tuple[str | None, tuple[str, ...] | None, int | None, int]],
    on: date,
) -> dict[str, Figure]:
    """Return the figures below high confidence that any good of the store may meet, by key."""
    found: dict[str, Figure] = {}
    for category, chosen, weight, _ in rows:
        tariff = book.tariff(terms, Good(None, category, chosen, weight), on)
        if isinstance(tariff, Gap):
            continue
        for figure in tariff.figures_at(*(it.price_from for it in tariff.steps)):
            if not figure.confidence.is_sure:
                found[figure_key(figure)] = figure
    return found


def _kinds(
    book: Book,
    terms: SaleTerms | None,
    rows: Sequence[tuple[str | None, tuple[str, ...] | None, int | None, int]],
    on: date,
) -> tuple[Kind, ...]:
    """Return the goods' own categories, the biggest first; goods with a category chosen are not asked."""
    counts: dict[str, int] = {}
    for category, chosen, _, goods in rows:
        if category and chosen is None:
            counts[category] = counts.get(category, 0) + goods
    chosen_for = dict(terms.categories) if terms else {}
    found = []
    for name, goods in sorted(counts.items(), key=lambda it: -it[1])[:_SHOWN_KINDS]:
        path = chosen_for.get(name) or ((name,) if book.categories.find((name,)) else None)
        percent = None
        try:
            percent = book.tables.commission(path, on).percent if path else None
        except NoRate:
            path = None  # several rates under this name: the seller must say which
        found.append(Kind(name, goods, path, percent, name in chosen_for))
    return tuple(found)
