"""SQL of moves: the last look at each card, and what changed since the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy import text

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.market.moves import Move, Sight

Key = tuple[str, str]

# Locked in one order: two workers that looked at the same cards take turns, and nobody deadlocks.
_LOCK_SIGHTS = text(
    """
    SELECT l.card, l.city_id, l.seen_at, l.prices
    FROM market_looks AS l
    JOIN unnest(CAST(:cards AS text[]), CAST(:cities AS text[])) AS asked (card, city_id)
        ON l.card = asked.card AND l.city_id = asked.city_id
    ORDER BY l.card, l.city_id
    FOR UPDATE OF l
    """
)
_LOOKED_AGAIN = text(
    """
    UPDATE market_looks AS l SET seen_at = new.seen_at
    FROM unnest(CAST(:cards AS text[]), CAST(:cities AS text[]), CAST(:times AS timestamptz[]))
        AS new (card, city_id, seen_at)
    WHERE l.card = new.card AND l.city_id = new.city_id
    """
)
_KEEP_SIGHTS = text(
    """
    INSERT INTO market_looks (card, city_id, seen_at, prices)
    SELECT new.card, new.city_id, new.seen_at, CAST(new.prices AS jsonb)
    FROM unnest(
        CAST(:cards AS text[]), CAST(:cities AS text[]), CAST(:times AS timestamptz[]),
        CAST(:prices AS text[])
    ) AS new (card, city_id, seen_at, prices)
    ORDER BY new.card, new.city_id
    ON CONFLICT (card, city_id) DO UPDATE SET seen_at = excluded.seen_at, prices = excluded.prices
    """
)
_ADD_MOVES = text(
    """
    INSERT INTO market_moves
        (card, city_id, merchant_id, name, seen_after, seen_at, old_price, new_price)
    SELECT * FROM unnest(
        CAST(:cards AS text[]), CAST(:cities AS text[]), CAST(:merchants AS text[]),
        CAST(:names AS text[]), CAST(:afters AS timestamptz[]), CAST(:times AS timestamptz[]),
        CAST(:olds AS bigint[]), CAST(:news AS bigint[])
    )
    ON CONFLICT DO NOTHING
    """
)


async def lock_sights(tx: WriteTx, keys: Sequence[Key]) -> dict[Key, Sight]:
    """Lock and return the last looks at these cards and cities."""
    rows = await tx.execute(_LOCK_SIGHTS, _columns(keys))
    return {
        (card, city_id): Sight(seen_at, _json(prices)) for card, city_id, seen_at, prices in rows
    }


async def looked_again(tx: WriteTx, sights: Sequence[tuple[Key, Sight]]) -> None:
    """Note that these markets were looked at and had not changed."""
    if sights:
        times = [sight.seen_at for _, sight in sights]
        await tx.execute(_LOOKED_AGAIN, {**_columns([k for k, _ in sights]), "times": times})


async def keep_sights(tx: WriteTx, sights: Sequence[tuple[Key, Sight]]) -> None:
    """Keep what these looks saw."""
    if sights:
        given = {
            **_columns([key for key, _ in sights]),
            "times": [sight.seen_at for _, sight in sights],
            "prices": [orjson.dumps(sight.prices).decode() for _, sight in sights],
        }
        await tx.execute(_KEEP_SIGHTS, given)


async def add_moves(tx: WriteTx, moves: Sequence[Move]) -> None:
    """Keep moves; the same one is kept once."""
    if moves:
        given = {
            "cards": [move.card for move in moves],
            "cities": [move.city_id for move in moves],
            "merchants": [move.merchant_id for move in moves],
            "names": [move.name for move in moves],
            "afters": [move.seen_after for move in moves],
            "times": [move.seen_at for move in moves],
            "olds": [move.old_price for move in moves],
            "news": [move.new_price for move in moves],
        }
        await tx.execute(_ADD_MOVES, given)


async def delete_before(tx: WriteTx, before: datetime) -> None:
    """Delete moves and looks that are older."""
    for table in ("market_moves", "market_looks"):
        await tx.execute(
            text(f"DELETE FROM {table} WHERE seen_at < :before"),  # noqa: S608 - our own names
            {"before": before},
        )


async def list_moves(
    tx: ReadTx, cards: Sequence[str], city_id: str, since: datetime, most: int
) -> dict[str, list[Move]]:
    """Return the newest moves of each card since then, oldest first, at most `most` of each."""
    rows = await tx.execute(
        _LIST_MOVES, {"cards": list(cards), "city_id": city_id, "since": since, "most": most}
    )
    found: dict[str, list[Move]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Move(*row))
    return found


_LIST_MOVES = text(
    """
    SELECT m.card, m.city_id, m.merchant_id, m.name, m.seen_after, m.seen_at, m.old_price,
        m.new_price
    FROM unnest(CAST(:cards AS text[])) AS asked (card)
    JOIN LATERAL (
        SELECT * FROM market_moves
        WHERE card = asked.card AND city_id = :city_id AND seen_at >= :since
        ORDER BY seen_at DESC LIMIT :most
    ) AS m ON true
    ORDER BY m.card, m.seen_at
    """
)


def _columns(keys: Sequence[Key]) -> dict[str, list[str]]:
    return {"cards": [card for card, _ in keys], "cities": [city for _, city in keys]}


def _json(value: dict[str, int] | str) -> dict[str, int]:
    return orjson.loads(value) if isinstance(value, str) else value
