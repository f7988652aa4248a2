"""How orders of the sandbox live: everything about one follows from the seed, the store and the day.

Where an order stands is a question of the clock alone, so a restart changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from random import Random
from typing import Any, Final

from cube_demper.sandbox.chance import roll
from cube_demper.sandbox.world import Point, StoreListing, World

DAY_MS: Final = 86_400_000
_HOUR_MS: Final = 3_600_000
_EPOCH: Final = date(1970, 1, 1)
_FIRST_NAMES: Final = ("Айгерим", "Ержан", "Динара", "Асель", "Нурлан", "Мадина", "Олег", "Ирина")
_LAST_NAMES: Final = ("Тестова", "Примеров", "Образцова", "Пробный", "Условная", "Макетов")
_TOWNS: Final = ("Алматы", "Астана", "Шымкент", "Караганда", "Талдыкорган", "Атырау")


class Way(StrEnum):
    """How an order reaches its buyer."""

    PICKUP = "pickup"
    OWN = "own"
    CITY = "city"
    POSTOMAT = "postomat"
    REGION = "region"


class End(StrEnum):
    """How an order ends."""

    COMPLETED = "completed"
    CANCELLED_NEW = "cancelled_new"
    CANCELLED_ON_WAY = "cancelled_on_way"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: the good, pieces, whole tenge of a piece."""

    good: StoreListing
    quantity: int
    price: int


@dataclass(frozen=True, slots=True)
class Life:
    """One order from beginning to end. Times in milliseconds since 1970."""

    code: str
    way: Way
    end: End
    point: Point
    lines: tuple[Line, ...]
    made: int
    accepted: int
    assembled: int
    handed: int
    arrived: int
    ended: int
    closed: int
    """When the cancelling or the return is over; `ended` when it begins."""
    first_name: str
    last_name: str
    phone: str
    town: str
    is_credit: bool
    is_express: bool
    is_pre_order: bool

    @property
    def total(self) -> int:
        """Return the sum of the order in whole tenge."""
        return sum(line.price * line.quantity for line in self.lines)

    @property
    def is_kaspi(self) -> bool:
        """Tell whether Kaspi delivers it."""
        return self.way in (Way.CITY, Way.POSTOMAT, Way.REGION)


def of_day(world: World, store: str, day: int) -> tuple[Life, ...]:
    """Return the orders that a store gets on a day (days since 1970); a day never changes."""
    if (store, day) not in world.order_days:
        world.order_days[store, day] = tuple(_lives(world, store, day))
    found: tuple[Life, ...] = world.order_days[store, day]
    return found


def place_now(world: World, store: str, now: int) -> Life:
    """Let somebody buy at a store right now; a restart forgets it."""
    day, goods = now // DAY_MS, [it for it in world.stores[store].values() if it.first_price]
    known = of_day(world, store, day)
    taken = {int(it.code.removeprefix(f"{day}{store[-3:]}")) for it in known}
    number = max(taken, default=-1) + 1
    life = _life(f"{day}{store[-3:]}{number}", now, goods, roll(world.seed, "placed", store, now))
    world.order_days[store, day] = (*known, life)
    return life


def _lives(world: World, store: str, day: int) -> Iterator[Life]:
    goods = [good for good in world.stores.get(store, {}).values() if good.first_price]
    since = world.orders_since.get(store)
    if not goods or (since is not None and day < (since - _EPOCH).days):
        return
    draw = roll(world.seed, "orders", store, day)
    for number in range(draw.randint(2 + len(goods) // 20, 5 + len(goods) // 12)):
        made = day * DAY_MS + draw.randrange(DAY_MS)
        yield _life(f"{day}{store[-3:]}{number}", made, goods, draw)


def _life(code: str, made: int, goods: Sequence[StoreListing], draw: Random) -> Life:
    way = draw.choices(list(Way), (2, 2, 4, 3, 2))[0]
    end = draw.choices(list(End), (86, 6, 4, 4))[0]
    is_express = way is Way.CITY and draw.random() < 0.2
    is_pre_order = way is Way.REGION and draw.random() < 0.3
    accepted = made + _hours(draw, 0.1, 0.9 if is_express else 2.9)
    assembled = accepted + _hours(draw, 0.3, 5) + (5 * DAY_MS if is_pre_order else 0)
    handed = assembled + _hours(draw, 1, 12)
    arrived = handed + _hours(draw, 8, 24) * (3 if way is Way.REGION else 1)
    ended = arrived + _hours(draw, 1, 20)
    if end is End.CANCELLED_NEW:
        ended = accepted
    if end is End.CANCELLED_ON_WAY:
        ended = handed + _hours(draw, 1, 6)
    lines = tuple(
        Line(good, draw.choices((1, 2, 3), (90, 8, 2))[0], good.first_price)
        for good in draw.sample(
            list(goods), min(len(goods), draw.choices((1, 2, 3), (80, 15, 5))[0])
        )
    )
    point = draw.choice(lines[0].good.merchant.points)
    return Life(
        code=code,
        way=way,
        end=end,
        point=point,
        lines=lines,
        made=made,
        accepted=accepted,
        assembled=assembled,
        handed=handed,
        arrived=arrived,
        ended=ended,
        closed=ended + _hours(draw, 2, 30 if way is not Way.OWN else 6),
        first_name=draw.choice(_FIRST_NAMES),
        last_name=draw.choice(_LAST_NAMES),
        phone=f"701{draw.randrange(10**7):07d}",
        town=point.city.name if way in (Way.PICKUP, Way.OWN, Way.CITY) else draw.choice(_TOWNS),
        is_credit=draw.random() < 0.4,
        is_express=is_express,
        is_pre_order=is_pre_order,
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """Where an order stands: the API's pair, the cabinet's pair, and what has happened."""

    state: str
    status: str
    tab: str
    tab_status: str
    is_assembled: bool = False
    is_handed: bool = False
    has_arrived: bool = False
    reason: str | None = None


def stage_of(life: Life, now: int) -> Stage:
    """Return where the order stands at `now`."""
    if now < life.accepted and now < life.ended:
        return Stage("NEW", "APPROVED_BY_BANK", "NEW", "NEW")
    if life.end is End.CANCELLED_NEW:
        reason = "MERCHANT_OUT_OF_STOCK"
        return Stage("ARCHIVE", "CANCELLED", "ARCHIVED", "CANCELLED_BY_MERCHANT", reason=reason)
    if now < life.ended:
        return _on_its_way(life, now)
    return _ending(life, now)


def _on_its_way(life: Life, now: int) -> Stage:
    accepted = "ACCEPTED_BY_MERCHANT"
    has_arrived = now >= life.arrived
    if life.way is Way.PICKUP:
        return Stage("PICKUP", accepted, "PICKUP", "ACCEPTED", has_arrived=now >= life.assembled)
    if life.way is Way.OWN:
        return Stage("DELIVERY", accepted, "DELIVERY", "ACCEPTED")
    if now < life.assembled:
        tab, status = "KASPI_DELIVERY_CARGO_ASSEMBLY", "ACCEPTED"
        if life.is_pre_order:
            tab, status = "KASPI_DELIVERY_WAIT_FOR_POINT_DELIVERY", "PRE_ORDERED"
        return Stage("KASPI_DELIVERY", accepted, tab, status)
    is_handed = now >= life.handed
    tab = "KASPI_DELIVERY_TRANSMITTED" if is_handed else "KASPI_DELIVERY_WAIT_FOR_COURIER"
    return Stage(
        "KASPI_DELIVERY",
        accepted,
        tab,
        "TRANSMITTED" if is_handed else "ASSEMBLED",
        is_assembled=True,
        is_handed=is_handed,
        has_arrived=has_arrived and life.way is not Way.CITY,
    )


def _ending(life: Life, now: int) -> Stage:
    done: dict[str, Any] = {"is_assembled": life.is_kaspi, "is_handed": life.is_kaspi}
    is_over = now >= life.closed
    if life.end is End.CANCELLED_ON_WAY:
        reason = "BUYER_CANCELLATION_BY_MERCHANT"
        if is_over or not life.is_kaspi:
            return Stage("ARCHIVE", "CANCELLED", "ARCHIVED", "CANCELLED", reason=reason, **done)
        tab = "KASPI_DELIVERY_RETURN_REQUEST"
        return Stage("KASPI_DELIVERY", "CANCELLING", tab, "CANCELLING", reason=reason, **done)
    done["has_arrived"] = life.way not in (Way.OWN, Way.CITY)
    if life.end is End.COMPLETED or now < life.closed - (life.closed - life.ended) // 2:
        return Stage("ARCHIVE", "COMPLETED", "ARCHIVED", "COMPLETED", **done)
    if is_over:
        return Stage("ARCHIVE", "RETURNED", "ARCHIVED", "RETURNED", **done)
    status = "KASPI_DELIVERY_RETURN_REQUESTED"
    state = "KASPI_DELIVERY" if life.is_kaspi else "ARCHIVE"
    return Stage(state, status, "ARCHIVED", "RETURNING", **done)


def _hours(draw: Random, least: float, most: float) -> int:
    return int(draw.uniform(least, most) * _HOUR_MS)
