"""SQL of what was learned of cards and rivals, and of the tempo in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ARRAY, String, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.market import LookTempo, RivalHabit

_TEMPO = "demping"
# One text for any number of rows: a statement that grows with them is built anew each time.
_LIST_PULSES = (
    text(
        """
    SELECT pulse.* FROM unnest(:cards, :cities) AS place (card, city_id)
    JOIN card_pulses AS pulse USING (card, city_id)
    """
    )
    .bindparams(bindparam("cards", type_=ARRAY(String)), bindparam("cities", type_=ARRAY(String)))
    .columns(**{c.name: c.type for c in SQLModel.metadata.tables["card_pulses"].columns})
)
_SAVE_PULSES = text(
    """
    INSERT INTO card_pulses (card, city_id, levels, moves, watched, looked_at, moved_at)
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (
        card text, city_id text, levels real[], moves real[], watched real[],
        looked_at timestamptz, moved_at timestamptz
    )
    ON CONFLICT (card, city_id) DO UPDATE SET
        levels = excluded.levels, moves = excluded.moves, watched = excluded.watched,
        looked_at = excluded.looked_at, moved_at = coalesce(excluded.moved_at, card_pulses.moved_at)
    """
)


async def list_pulses(tx: ReadTx, places: Iterable[tuple[str, str]]) -> Sequence[Any]:
    """Return what is known of these (card, city) places, as rows that read like `CardPulse`."""
    cards, cities = zip(*places, strict=True)
    rows = await tx.execute(_LIST_PULSES, {"cards": list(cards), "cities": list(cities)})
    return rows.all()


async def save_pulses(tx: WriteTx, rows: Sequence[dict[str, Any]]) -> None:
    """Write what is known now, in one order so that writers never wait for each other in a ring."""
    if rows:
        ordered = sorted(rows, key=lambda row: (row["card"], row["city_id"]))
        await tx.execute(_SAVE_PULSES, {"rows": orjson.dumps(ordered).decode()})


async def mean_levels(tx: ReadTx) -> tuple[int, list[float]]:
    """Return how many places are known, and their mean levels."""
    row = await tx.execute(
        text(
            """
            SELECT (SELECT count(*) FROM card_pulses),
                ARRAY(SELECT avg(level) FROM card_pulses,
                    unnest(levels) WITH ORDINALITY AS l(level, place) GROUP BY place ORDER BY place)
            """
        )
    )
    known, levels = row.one()
    return known, list(levels)


async def habits(tx: ReadTx, merchant_ids: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Return (tried, together) of these rivals."""
    rows = await tx.execute(
        select(col(RivalHabit.merchant_id), col(RivalHabit.tried), col(RivalHabit.together)).where(
            col(RivalHabit.merchant_id).in_(list(merchant_ids))
        )
    )
    return {merchant: (tried, together) for merchant, tried, together in rows}


async def add_habits(tx: WriteTx, rows: Sequence[dict[str, Any]], *, full: float) -> None:
    """Add trials to rivals; past `full` both sums are halved, so that old habits fade."""
    if not rows:
        return
    statement = insert(RivalHabit).values(sorted(rows, key=lambda row: str(row["merchant_id"])))
    new, old = statement.excluded, RivalHabit
    fading = func.least(1.0, full / func.greatest(col(old.tried), 1.0))
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["merchant_id"],
            set_={
                "tried": col(old.tried) * fading + new.tried,
                "together": col(old.together) * fading + new.together,
            },
        )
    )


async def find_tempo(tx: ReadTx) -> LookTempo | None:
    """Return the tempo in force."""
    found: LookTempo | None = await tx.scalar(
        select(LookTempo).where(col(LookTempo.name) == _TEMPO)
    )
    return found


async def may_solve(tx: WriteTx) -> bool:
    """Take the right to solve the tempo until the transaction ends; one process has it at a time."""
    return bool(await tx.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('look_tempo'))")))


async def save_tempo(tx: WriteTx, tempo: dict[str, Any], solved_at: datetime) -> None:
    """Put a tempo in force."""
    statement = insert(LookTempo).values(name=_TEMPO, tempo=tempo, solved_at=solved_at)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"tempo": statement.excluded.tempo, "solved_at": statement.excluded.solved_at},
        )
    )
