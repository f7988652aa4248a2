"""Told ahead: what the coming figures do to the profit of a seller's own goods."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import PermissionDenied
from cube_demper.core.money import floor_to_tenge, format_tenge
from cube_demper.core.russian import counted, day_words
from cube_demper.db.session import Database, ReadTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.economics import queries as told
from cube_demper.domain.economics import service as economics
from cube_demper.domain.economics.profit_floors import Book
from cube_demper.domain.economics.shop import queries
from cube_demper.domain.economics.shop.coming import (
    ComingFigure,
    coming_days,
    coming_figures,
)
from cube_demper.domain.economics.shop.margins import Terms, margins_on
from cube_demper.domain.economics.shop.schemas import MarginRow
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell

KIND = "rates_change"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Foresight:
    """What changes and what it does, all goods at their prices now, one piece each; tiyn.

    `known`: goods whose profit is known today and after. `fallen`: the first of those that begin to
    make a loss, the biggest first: id, name, profit after.
    """

    figures: tuple[ComingFigure, ...]
    known: int
    changed: int
    profit_now: int
    profit_later: int
    losses_now: int
    losses_later: int
    lost_sight: int
    fallen: tuple[tuple[UUID, str, int], ...] = ()

    @property
    def on(self) -> date:
        """The first day of change."""
        return self.figures[0].on


async def foresee(
    tx: ReadTx, actor: Actor, store_id: UUID | None, now: datetime
) -> Foresight | None:
    """Return what soon changes for the actor's goods; None when nothing does."""
    book, on = await economics.current_book(tx), now.astimezone(ALMATY).date()
    days = coming_days(book.tables, on)
    stores = [it[0] for it in await queries.list_stores(tx, actor)] if days else []
    terms = await told.sale_terms(tx, [it for it in stores if store_id in {None, it}])
    figures: dict[ComingFigure, None] = {}
    for id_, its in terms.items():
        kinds = [row[:3] for row in await queries.kinds_of(tx, id_)]
        figures |= dict.fromkeys(coming_figures(book, its, kinds, days))
    if not figures:
        return None
    goods = await queries.list_goods(tx, actor, store_id, "")
    told_of = tuple(sorted(figures, key=lambda it: it.on))
    return await asyncio.to_thread(_weigh, book, terms, goods, told_of, on)


def _weigh(
    book: Book,
    terms: Terms,
    goods: Sequence[Sequence[Any]],
    figures: tuple[ComingFigure, ...],
    on: date,
) -> Foresight:
    now = margins_on(book, terms, goods, on)
    later = margins_on(book, terms, goods, figures[-1].on)
    pairs: list[tuple[MarginRow, int, int]] = [
        (row, row.profit, then.profit)
        for row, then in zip(now, later, strict=True)
        if row.profit is not None and then.profit is not None
    ]
    fallen = sorted((it for it in pairs if it[1] >= 0 > it[2]), key=lambda it: it[2])
    return Foresight(
        figures=figures,
        known=len(pairs),
        changed=sum(a != b for _, a, b in pairs),
        profit_now=sum(it[1] for it in pairs),
        profit_later=sum(it[2] for it in pairs),
        losses_now=sum(it[1] < 0 for it in pairs),
        losses_later=sum(it[2] < 0 for it in pairs),
        lost_sight=sum(it.profit is not None for it in now) - len(pairs),
        fallen=tuple((row.id, row.name, then) for row, _, then in fallen[:_SHOWN]),
    )


async def tell_ahead(db: Database, actor: Actor, now: datetime) -> int:
    """Tell each seller once of the furthest day of change in sight; return how many were told.

    Raises PermissionDenied unless the product itself asks.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    async with db.read() as tx:
        book = await economics.current_book(tx)
        days = coming_days(book.tables, now.astimezone(ALMATY).date())
        sellers = await queries.sellers_with_terms(tx) if days else []
        done = await notifications.told_under(tx, actor, _key(days[-1])) if days else frozenset()
    count = 0
    for user_id in sellers:
        if user_id in done:
            continue
        async with db.write() as tx:
            found = await foresee(tx, Actor(Role.USER, user_id), None, now)
            if found is not None:
                count += await notifications.notify(tx, actor, _tell(user_id, found))
    return count


def _tell(user_id: UUID, found: Foresight) -> Tell:
    names = list(dict.fromkeys(it.name for it in found.figures))
    rest = len(names) - 2
    more = f" и ещё {rest}" if rest > 0 else ""
    return Tell(
        user_id=user_id,
        kind=KIND,
        title=f"С {day_words(found.on)} изменится: {', '.join(names[:2])}{more}",
        body=told_in_words(found),
        link="/economics",
        dedupe_key=_key(found.figures[-1].on),
    )


def told_in_words(found: Foresight) -> str:
    """Say what becomes of the profit, in one or two sentences."""
    if not found.known:
        return "Прибыль товаров ещё не посчитана: укажите себестоимость, и мы скажем, что станет."
    if not found.changed:
        return "На прибыль с продажи это не влияет."
    before, after = (
        format_tenge(floor_to_tenge(it // found.known))
        for it in (found.profit_now, found.profit_later)
    )
    text = f"Прибыль с продажи в среднем {before} → {after}"
    fallen = found.losses_later - found.losses_now
    if fallen > 0:
        text += f", в минус уйдут {counted(fallen, 'товар', 'товара', 'товаров')}"
    return f"{text}. По нынешним ценам и себестоимости."


def _key(day: date) -> str:
    return f"{KIND}:{day:%Y-%m-%d}"
