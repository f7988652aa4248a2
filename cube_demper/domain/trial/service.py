"""Use cases of the trial: choose goods, begin, apply what is suggested, the first steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.db import outbox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import BulkReport, TermsChange
from cube_demper.domain.catalog.list_schemas import Selection
from cube_demper.domain.catalog.rules import stock_of
from cube_demper.domain.economics import service as economics
from cube_demper.domain.economics.profit_floors import Gap
from cube_demper.domain.economics.solving import Goal
from cube_demper.domain.market import service as market
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.pricing.explain import explain
from cube_demper.domain.pricing.schemas import (
    Decision,
    ProductTerms,
    RivalFilters,
    StoreTerms,
    Strategy,
)
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.domain.trial import queries, rules
from cube_demper.domain.trial.schemas import (
    LOOK_TOPIC,
    LOOKS_FRESH,
    SHORTLIST,
    Applied,
    Choice,
    FirstSteps,
    Good,
    Step,
    Suggestion,
    look_message,
)
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory
from cube_demper.models.stores import DempingSettings, KaspiStore

TOPIC = LOOK_TOPIC
MOST_SHOWN = 50
_MOST_BEGUN = 50


async def choice(tx: ReadTx, actor: Actor, store_id: UUID, now: datetime) -> Choice:
    """Return what the trial of a store may begin with. Raises StoreNotFound."""
    found = await queries.find_store(tx, actor.owner_id, store_id)
    if found is None:
        raise StoreNotFound
    store, settings = found
    rows = await queries.shortlist(tx, store_id, SHORTLIST)
    cards = sorted({row.external_kaspi_id or "" for row in rows})
    markets = await market.latest_markets(tx, cards, store.home_city_id, now - LOOKS_FRESH)
    shop = await _store_terms(tx, store, settings)
    seen = {
        row.kaspi_sku: rules.around(looked, _terms(row, store, settings), shop)
        for row in rows
        if (looked := markets.get(row.external_kaspi_id or "")) is not None
    }
    profit = settings.min_profit if settings else None
    floors = await economics.prices_to_reach(tx, rows, Goal(profit=profit or 0), now)
    return Choice(
        candidates=rules.choose(
            [_good(row, floors[row.id]) for row in rows],
            seen,
            min_profit=profit,
            step=settings.price_step if settings else TIYN_IN_TENGE,
        ),
        shortlist=len(rows),
        looked=len(seen),
        bots=await queries.count_bots(tx, store_id),
        is_looking=await queries.is_being_looked_at(tx, TOPIC, store_id),
    )


async def ask_to_look(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime) -> bool:
    """Have a worker look at the shortlist, once an hour at most. Raises StoreNotFound.

    The first reading of a catalogue asks by itself, with the same message.
    """
    if await queries.find_store(tx, actor.owner_id, store_id) is None:
        raise StoreNotFound
    return await outbox.enqueue(tx, TOPIC, *look_message(store_id, now), now)


async def to_look_at(
    tx: ReadTx, actor: Actor, store_id: UUID, now: datetime
) -> tuple[UUID, str, list[str]] | None:
    """Return a store's owner, home city and the shortlisted cards that nobody has looked at lately.

    None: the store is gone. Raises PermissionDenied unless the product itself asks.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    found = await queries.find_store(tx, None, store_id)
    if found is None:
        return None
    store, _ = found
    rows = await queries.shortlist(tx, store_id, SHORTLIST)
    cards = list(dict.fromkeys(row.external_kaspi_id or "" for row in rows))
    known = await market.latest_markets(tx, cards, store.home_city_id, now - LOOKS_FRESH)
    return store.user_id, store.home_city_id, [card for card in cards if card not in known]


async def begin(
    tx: WriteTx, actor: Actor, store_id: UUID, floors: Mapping[UUID, int], now: datetime
) -> BulkReport:
    """Set the floors that the seller confirmed and switch these bots on, to suggest.

    The store's mode is left as it is: a new store suggests. A store that never had a bot is started.

    Raises:
        InvalidInput: nothing or too much was chosen, or a floor is refused or over today's price.
        StoreNotFound: there is none, or it is somebody else's.
    """
    found = await queries.find_store(tx, actor.owner_id, store_id)
    if found is None:
        raise StoreNotFound
    if not floors or len(floors) > _MOST_BEGUN:
        raise InvalidInput(f"Выберите от 1 до {_MOST_BEGUN} товаров.")
    own = await catalog.read_rows(tx, actor, tuple(floors))
    goods = {row.id: row for row in own if row.store_id == store_id}
    if set(goods) != set(floors):
        raise NotFound("Часть товаров уже не в этом магазине. Обновите страницу.")
    for product_id, floor in floors.items():
        good = goods[product_id]
        if good.price is not None and floor > good.price:
            raise InvalidInput(
                f"«{good.name}»: мин. цена выше нынешней, бот сразу поднял бы её. Задайте ниже.",
                field=str(product_id),
            )
        change = TermsChange(min_price=floor)
        try:
            await catalog.change_terms(tx, actor, product_id, change, now)
        except InvalidInput as error:
            raise InvalidInput(error.message, field=str(product_id)) from error
    if found[1] is None:
        await stores.start_bot(tx, actor, [store_id], now)
    report = await catalog.switch_bot(tx, actor, Selection(ids=tuple(floors)), on=True, now=now)
    await audit.record(tx, actor, "trial_begun", "store", store_id, goods=report.changed)
    tx.emit(f"user:{actor.owner_id}", "store", store_id)
    return report


async def suggestions(
    tx: ReadTx, actor: Actor, store_id: UUID | None = None
) -> tuple[Suggestion, ...]:
    """Return the suggestions that stand, at most a pageful, the greatest change first."""
    rows = await queries.list_suggestions(tx, actor.owner_id, store_id, MOST_SHOWN)
    return tuple(_suggestion(row, product) for row, product in rows)


async def apply(
    tx: WriteTx, actor: Actor, suggestion_ids: Sequence[UUID], now: datetime
) -> Applied:
    """Send these suggestions after all. What the market has overtaken is left, and counted.

    Raises NotFound when one of them is nobody's or somebody else's.
    """
    queued = outdated = 0
    for suggestion_id in sorted(set(suggestion_ids))[:MOST_SHOWN]:
        try:
            await pricing.queue_suggestion(tx, actor, suggestion_id, now)
        except Conflict:
            outdated += 1
        else:
            queued += 1
    await audit.record(tx, actor, "suggestions_applied", "selection", queued=queued)
    return Applied(queued, outdated)


async def first_steps(tx: ReadTx, actor: Actor) -> FirstSteps:
    """Tell how far the seller is on the way to the first safe price change."""
    person = await queries.find_person(tx, actor.owner_id)
    if person is None or person.first_steps_closed_at is not None:
        return FirstSteps({}, is_closed=True)
    done = await queries.steps_done(tx, actor.owner_id)
    if not done[Step.APPLIED]:
        done[Step.APPLIED] = await queries.has_approved(tx, actor.owner_id)
    return FirstSteps({Step.EMAIL: person.email_confirmed_at is not None, **done})


async def close_steps(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Put the list away. Raises Conflict while a step is not done: it is there to be finished."""
    if not (await first_steps(tx, actor)).is_complete:
        raise Conflict("Сначала пройдите все шаги: список закроется после первой цены на витрине.")
    await queries.close_steps(tx, actor.owner_id, now)
    tx.emit(f"user:{actor.owner_id}", "user", actor.owner_id)


def _good(row: Product, floor: int | Gap) -> Good:
    return Good(
        id=row.id,
        name=row.name,
        sku=row.kaspi_sku,
        card=row.external_kaspi_id or "",
        image_url=row.image_url,
        price=row.price or 0,
        min_price=row.min_price,
        cost_price=row.cost_price,
        stock=stock_of(row.availabilities),
        is_priority=row.is_priority,
        floor_by_cost=None if isinstance(floor, Gap) else floor,
    )


def _terms(row: Product, store: KaspiStore, settings: DempingSettings | None) -> ProductTerms:
    """Say who counts as a rival; bounds do not matter here."""
    return ProductTerms(
        kaspi_sku=row.kaspi_sku,
        city_id=store.home_city_id,
        cabinet_price=row.price,
        min_price=row.min_price,
        max_price=row.max_price,
        base_price=row.price,
        step=settings.price_step if settings else TIYN_IN_TENGE,
        strategy=Strategy(row.demping_strategy),
        rival_filters=RivalFilters.merged(
            RivalFilters.from_json(settings.rival_filters if settings else {}),
            RivalFilters.from_json(row.rival_filters),
        ),
    )


async def _store_terms(
    tx: ReadTx, store: KaspiStore, settings: DempingSettings | None
) -> StoreTerms:
    own = await queries.merchant_ids(tx, store.user_id)
    return StoreTerms(
        merchant_id=store.merchant_id,
        own_merchant_ids=own - {store.merchant_id},
        excluded_merchant_ids=frozenset(settings.excluded_merchant_ids if settings else ()),
    )


def _suggestion(row: PriceHistory, product: Product) -> Suggestion:
    try:
        decision: Decision | None = Decision.from_json(row.decision)
    except ValueError:
        decision = None  # a row of another release: its prices still tell the story
    return Suggestion(
        id=row.id,
        product_id=product.id,
        name=product.name,
        image_url=product.image_url,
        sku=product.kaspi_sku,
        city_id=row.city_id,
        old_price=row.old_price or 0,
        new_price=row.new_price or 0,
        why=explain(decision) if decision else "",
        at=row.created_at,
        floor=decision.floor if decision else None,
        place=decision.place if decision else None,
        target_place=decision.target_place if decision else None,
    )
