"""Profiles of a store's rivals: worked out in the background, read by the seller."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from cube_demper.core.errors import NotFound, PermissionDenied
from cube_demper.db.session import Database, ReadTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.market import move_queries
from cube_demper.domain.market.moves import Move
from cube_demper.domain.market.rivals import queries
from cube_demper.domain.market.rivals.page_schemas import Duel, RivalPage, RivalQuery, RivalRow
from cube_demper.domain.market.rivals.reading import read_ground
from cube_demper.domain.market.rivals.rules import profile_of
from cube_demper.domain.market.rivals.schemas import Ground, Meeting, Profile
from cube_demper.models.rivalry import StoreRival
from cube_demper.models.stores import KaspiStore

PAGE_SIZE = 50
SORTS = queries.SORTS
KEPT = timedelta(days=30)
COUNTED_EVERY = timedelta(minutes=15)
"""Five seconds of work for 5,000 goods: a quarter of an hour costs a busy store half a percent."""
EMPTY_COUNTED_EVERY = timedelta(minutes=1)
GOODS_AT_ONCE = 200
MOVES_OF_A_CARD = 400
"""Of a lively card the newest moves tell enough: 400 are 13 a day for a month."""
_PROFILE = TypeAdapter(Profile)


async def count_next(db: Database, actor: Actor, now: datetime) -> UUID | None:
    """Work out the profiles of the store that has waited longest; None when none is due.

    A process that dies meanwhile leaves the old profiles for another turn. Raises PermissionDenied
    unless the product itself asks.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    async with db.write() as tx:
        store = await queries.take_store(
            tx, every=COUNTED_EVERY, empty_every=EMPTY_COUNTED_EVERY, now=now
        )
    if store is None:
        return None
    meetings = await _meetings(db, store, now)
    async with db.write() as tx:
        rows = [
            _row(store.id, profile_of(merchant, met), now) for merchant, met in meetings.items()
        ]
        await queries.save(tx, rows)
        await queries.delete_older(tx, store.id, now)
        tx.emit(f"user:{store.user_id}", "rivals", store.id)
    return store.id


async def _meetings(db: Database, store: KaspiStore, now: datetime) -> dict[str, list[Meeting]]:
    """Read the store's goods a few hundred at a time: no transaction and no list grows long."""
    async with db.read() as tx:
        ours = await queries.merchants_of(tx, store.user_id)
    friends = ours - {store.merchant_id}
    found: dict[str, list[Meeting]] = defaultdict(list)
    after: UUID | None = None
    while True:
        async with db.read() as tx:
            goods = await queries.list_goods(tx, store, after=after, limit=GOODS_AT_ONCE)
            cards = [it.card for it in goods]
            moves = await move_queries.list_moves(
                tx, cards, store.home_city_id, now - KEPT, MOVES_OF_A_CARD
            )
        for it in goods:
            ground = _ground(it, moves.get(it.card, []), now - KEPT)
            for merchant, meeting in read_ground(ground, store.merchant_id, friends).items():
                found[merchant].append(meeting)
        if len(goods) < GOODS_AT_ONCE:
            return found
        after = goods[-1].product_id


def _ground(goods: queries.Goods, moves: list[Move], since: datetime) -> Ground:
    is_cut = len(moves) >= MOVES_OF_A_CARD
    return Ground(
        product_id=goods.product_id,
        name=goods.name,
        floor=goods.floor,
        since=moves[0].seen_at if is_cut else since,
        seen_at=goods.seen_at,
        prices=goods.prices,
        moves=moves,
    )


async def list_rivals(tx: ReadTx, actor: Actor, asked: RivalQuery) -> RivalPage:
    """Return one page of the actor's rivals; a page past the end is the last one."""
    counts = await queries.count(tx, actor, asked)
    total = counts.get(asked.behaviour, 0) if asked.behaviour else sum(counts.values())
    page = min(max(asked.page, 1), max(1, -(-total // PAGE_SIZE)))
    offset = (page - 1) * PAGE_SIZE
    rows = await queries.list_page(tx, actor, asked, limit=PAGE_SIZE, offset=offset)
    counted_at = await queries.counted_at(tx, actor, asked.store_id)
    return RivalPage(tuple(_rival(*row) for row in rows), total, page, counts, counted_at)


async def get_rival(tx: ReadTx, actor: Actor, rival_id: UUID) -> RivalRow:
    """Return one rival. Raises NotFound, for a rival of somebody else's store too."""
    found = await queries.find(tx, actor, rival_id)
    if found is None:
        raise NotFound("Такого конкурента нет: возможно, он ушёл с ваших карточек.")
    return _rival(*found)


async def duel_of(
    tx: ReadTx, actor: Actor, product_id: UUID, merchant_id: str, *, since: datetime
) -> Duel | None:
    """Return both lines of one card; None when it was never looked at. Filtered by the actor."""
    found = await queries.ground_of(tx, actor, product_id)
    if found is None:
        return None
    goods, store = found
    moves = (
        await move_queries.list_moves(tx, [goods.card], store.home_city_id, since, MOVES_OF_A_CARD)
    ).get(goods.card, [])
    if moves and moves[0].seen_after is None:
        since = moves[0].seen_at  # nobody had looked at the card before

    def line(merchant: str) -> tuple[tuple[datetime, int | None], ...]:
        own = [move for move in moves if move.merchant_id == merchant]
        first = own[0].old_price if own else goods.prices.get(merchant)
        return ((since, first), *((move.seen_at, move.new_price) for move in own))

    return Duel(
        product_id=goods.product_id,
        product_name=goods.name,
        floor=goods.floor,
        since=since,
        until=max(goods.seen_at, since),
        ours=line(store.merchant_id),
        theirs=line(merchant_id),
    )


def _row(store_id: UUID, profile: Profile, now: datetime) -> dict[str, Any]:
    return {
        "store_id": store_id,
        "merchant_id": profile.merchant_id,
        "name": profile.name,
        "goods": profile.goods,
        "ahead_percent": profile.ahead_percent,
        "chances": profile.chances,
        "answers": profile.answers,
        "answer_percent": profile.answer_percent,
        "delay_seconds": profile.delay.median_to if profile.delay else None,
        "deepest_percent": profile.deepest_percent,
        "moves": profile.moves,
        "behaviour": profile.behaviour,
        "profile": _PROFILE.dump_python(profile, mode="json"),
        "counted_at": now,
    }


def _rival(row: StoreRival, store_name: str, is_excluded: bool) -> RivalRow:
    return RivalRow(
        id=row.id,
        store_id=row.store_id,
        store_name=store_name,
        is_excluded=is_excluded,
        counted_at=row.counted_at,
        profile=replace(_PROFILE.validate_python(row.profile), name=row.name),
    )
