"""Makes a world out of a plan and a seed: the same plan and seed always make the same world."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle, islice, product
from random import Random

from cube_demper.sandbox import names
from cube_demper.sandbox.chance import hex_id, roll
from cube_demper.sandbox.cities import ALMATY_CITY, ASTANA_CITY, CITIES, SHYMKENT_CITY, City
from cube_demper.sandbox.world import (
    Account,
    Card,
    Merchant,
    Pace,
    Point,
    RivalListing,
    Stock,
    StoreListing,
    Temper,
    World,
)

STAFF, SHOPLESS = "staff@example.kz", "empty@example.kz"
_FIRST_CARD = 140_000_001
_FIRST_RIVAL = 11_200_001
#: Shares of a store's goods that its first point and each of the others have.
_SOLD_AT_HOME, _SOLD_ELSEWHERE = 0.96, 0.8


@dataclass(frozen=True, slots=True)
class StorePlan:
    """A store with a cabinet. `shared` goods are on cards that the other stores sell too."""

    uid: str
    name: str
    goods: int
    shared: int = 0
    removed: int = 0
    cities: tuple[City, ...] = (ALMATY_CITY, ASTANA_CITY)
    account: str = "seller@example.kz"
    rating: float | None = 4.8
    reviews: int | None = 214
    orders_since: date | None = None
    """Its first day with orders; None: it has always had some."""


@dataclass(frozen=True, slots=True)
class WorldPlan:
    """How big the world is and how its rivals behave."""

    stores: tuple[StorePlan, ...]
    rivals: int = 24
    rivals_per_card: tuple[int, int] = (1, 6)
    lively_share: float = 0.1
    slow_share: float = 0.5
    alone_share: float = 0.05
    passwords: dict[str, str] = field(default_factory=dict)


SMALL_PLAN = WorldPlan(
    stores=(
        StorePlan("30000001", "Тестовая лавка", goods=12, shared=4, removed=2),
        StorePlan("30000002", "Второй прилавок", goods=8, shared=4, cities=(ALMATY_CITY,)),
    ),
    rivals=8,
    rivals_per_card=(2, 4),
    alone_share=0.0,
)
DEMO_PLAN = WorldPlan(
    stores=(
        StorePlan(
            "30410771",
            "Уютная полка",
            goods=260,
            shared=50,
            removed=6,
            cities=(ALMATY_CITY, ASTANA_CITY, SHYMKENT_CITY),
        ),
        StorePlan(
            "30410992",
            "Кедр и Клевер",
            goods=190,
            shared=50,
            removed=4,
            cities=(ALMATY_CITY, ASTANA_CITY),
            rating=4.6,
            reviews=87,
        ),
    ),
    # What the price bot of a store may change is 250 in 30 minutes: most cards are quiet, a few are at war.
    lively_share=0.03,
    slow_share=0.85,
    passwords={"seller@example.kz": "demo-12345"},
)


def make_world(plan: WorldPlan, seed: int) -> World:
    """Build merchants, cards, goods, rivals and accounts."""
    fingerprint = hashlib.sha256(repr((plan, seed, 3)).encode()).hexdigest()[:16]
    world = World(seed=seed, fingerprint=fingerprint, cities=dict(CITIES))
    _add_stores(world, plan)
    rivals = list(_rivals(plan, seed))
    world.merchants.update({rival.uid: rival for rival in rivals})
    cards = _cards(seed)
    shared = list(islice(cards, max((store.shared for store in plan.stores), default=0)))
    for store in plan.stores:
        own = islice(cards, store.goods - store.shared)
        goods = [*shared[: store.shared], *own]
        for index, (card, price) in enumerate(goods):
            is_new = card.id not in world.cards
            world.cards.setdefault(card.id, card)
            is_removed = index >= len(goods) - store.removed
            world.add(_store_listing(world, store, card, price, is_removed=is_removed))
            if is_new:
                _add_rivals(world, plan, card, price, rivals)
    for card in world.cards.values():
        _lead_where_quiet(card)
    return world


def _add_stores(world: World, plan: WorldPlan) -> None:
    for store in plan.stores:
        points = tuple(
            Point(f"PP{number}", city, names.STREETS[number % len(names.STREETS)], str(7 + number))
            for number, city in enumerate(store.cities, start=1)
        )
        world.merchants[store.uid] = Merchant(
            store.uid, store.name, points, store.rating, store.reviews
        )
        if store.orders_since is not None:
            world.orders_since[store.uid] = store.orders_since
        password = plan.passwords.get(store.account, "demo-12345")
        account = world.accounts.setdefault(store.account, Account(store.account, password, []))
        account.merchant_uids.append(store.uid)
    _add_people(world, plan.stores[0].uid)


def _add_people(world: World, first_store: str) -> None:
    """Give the owners phones, and add staff of the first store and somebody without a shop."""
    for number, account in enumerate(world.accounts.values(), start=1):
        account.phone = f"+7701000000{number}"
    staff = Account(
        STAFF, "staff-12345", [first_store], "+77020000001", asks_code=True, is_head=False
    )
    for person in (staff, Account(SHOPLESS, "empty-12345", [], "+77020000002")):
        world.accounts.setdefault(person.email, person)


def _rivals(plan: WorldPlan, seed: int) -> Iterator[Merchant]:
    cities = list(CITIES.values())
    for number in range(plan.rivals):
        draw = roll(seed, "rival", number)
        base = names.RIVAL_NAMES[number % len(names.RIVAL_NAMES)]
        again = number // len(names.RIVAL_NAMES)
        is_rated = number % 6 != 4
        where = (ALMATY_CITY, ASTANA_CITY, SHYMKENT_CITY, draw.choice(cities[3:]))
        chosen = where if number % 3 == 0 else (ALMATY_CITY, draw.choice(where[1:]))
        yield Merchant(
            uid=str(_FIRST_RIVAL + number * 137),
            name=f"{base} {again + 1}" if again else base,
            points=tuple(Point(f"PP{i}", city) for i, city in enumerate(chosen, start=1)),
            rating=round(draw.uniform(3.6, 5.0), 1) if is_rated else None,
            reviews=draw.randint(3, 900) if is_rated else None,
            kaspi_delivery=draw.random() < 0.8,
        )


def _cards(seed: int) -> Iterator[tuple[Card, int]]:
    """Yield cards with a fair price, kinds by turns, each title once."""
    streams = [_titles(kind, seed) for kind in names.KINDS]
    for number, stream in enumerate(cycle(streams)):
        kind, title, brand = next(stream)
        card_id = str(_FIRST_CARD + number * 17)
        draw = roll(seed, "card", card_id)
        price = round(draw.uniform(kind.cheapest, kind.dearest), -2) - 10
        card = Card(card_id, title, brand, kind.category, names.slug_of(title))
        yield card, int(price)


def _titles(kind: names.Kind, seed: int) -> Iterator[tuple[names.Kind, str, str]]:
    words = list(product(kind.brands, kind.series, kind.details))
    roll(seed, "titles", kind.noun).shuffle(words)
    for number, (brand, series, detail) in enumerate(cycle(words)):
        again = number // len(words)
        mark = f"-{again + 1}" if again else ""
        yield kind, f"{kind.noun} {brand} {series}{mark} {detail}", brand


def _store_listing(
    world: World, store: StorePlan, card: Card, price: int, *, is_removed: bool
) -> StoreListing:
    merchant = world.merchants[store.uid]
    draw = roll(world.seed, "store", store.uid, card.id)
    own_price = int(price * draw.uniform(0.98, 1.06))
    is_by_city = draw.random() < 0.3
    prices = {
        code: own_price + (draw.choice((0, 100, 200)) if is_by_city else 0) for code in world.cities
    }
    listing = StoreListing(
        merchant=merchant,
        card_id=card.id,
        sku=f"{card.id}_{draw.randrange(10**8, 10**9)}",
        title=card.title,
        prices=prices,
        speed=draw.choice(("TODAY", "TOMORROW", "TOMORROW", "TILL_3_DAYS")),
        offer_id=hex_id(world.seed, store.uid, card.id),
        model=card.title,
        brand=card.brand if draw.random() < 0.9 else None,
        category=card.category,
        stocks={} if is_removed else _stocks(merchant, draw),
        by_city=is_by_city,
        first_price=own_price,
    )
    listing.removed_at = 0.0 if is_removed else None
    return listing


def _stocks(merchant: Merchant, draw: Random) -> dict[str, Stock]:
    is_counted = draw.random() < 0.6
    home, *others = merchant.points
    points = [point for point in others if draw.random() < _SOLD_ELSEWHERE]
    if not points or draw.random() < _SOLD_AT_HOME:
        points.insert(0, home)
    preorder = draw.choice((3, 5, 7)) if draw.random() < 0.06 else None
    return {
        point.code: Stock(
            available=True,
            stockCount=draw.randint(1, 40) if is_counted else None,
            stockSpecified=is_counted,
            preOrder=preorder,
        )
        for point in points
    }


def _add_rivals(
    world: World, plan: WorldPlan, card: Card, price: int, rivals: list[Merchant]
) -> None:
    draw = roll(world.seed, "market", card.id)
    if draw.random() < plan.alone_share:
        return
    wanted = min(draw.randint(*plan.rivals_per_card), len(rivals))
    pace = _pace(plan, draw)
    for merchant in draw.sample(rivals, wanted):
        world.add(_rival_listing(merchant, card, price, pace, draw))


def _lead_where_quiet(card: Card) -> None:
    """Start first where rivals are slow: a bot's first pass must not spend its budget there."""
    rivals = [x for x in card.listings if isinstance(x, RivalListing) and x.pace is Pace.SLOW]
    for listing in card.listings:
        if not isinstance(listing, StoreListing):
            continue
        home = listing.merchant.points[0].city.id
        prices = [price for rival in rivals if (price := rival.price_in(home)) is not None]
        if prices and listing.by_city:
            listing.prices[home] = min(prices) - 1
        elif prices:
            listing.prices = dict.fromkeys(listing.prices, min(prices) - 1)


def _pace(plan: WorldPlan, draw: Random) -> Pace:
    mark = draw.random()
    if mark < plan.lively_share:
        return Pace.LIVELY
    return Pace.SLOW if mark > 1 - plan.slow_share else Pace.MEDIUM


def _rival_listing(
    merchant: Merchant, card: Card, price: int, pace: Pace, draw: Random
) -> RivalListing:
    start = int(price * draw.uniform(0.97, 1.08))
    tempers, weights = list(Temper), (50, 20, 15, 15)
    preorder = draw.choice((2, 4, 7)) if draw.random() < 0.08 else 0
    return RivalListing(
        merchant=merchant,
        card_id=card.id,
        sku=f"{card.id}_{draw.randrange(10**6, 10**9)}",
        title=card.title,
        prices={point.city.id: start for point in merchant.points},
        speed=draw.choice(("TODAY", "TOMORROW", "TOMORROW", "TILL_2_DAYS", "TILL_5_DAYS", None)),
        floor=max(10, int(start * draw.uniform(0.86, 0.97))),
        ceiling=int(start * draw.uniform(1.01, 1.07)),
        step=draw.choice((1, 1, 2, 5, 10, 50, 100)),
        temper=draw.choices(tempers, weights)[0],
        pace=pace,
        preorder=preorder,
    )
