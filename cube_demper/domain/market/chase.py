"""What the chase knows: pulses of cards, habits of rivals, the tempo. Used by the demping worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.market import pulse_queries
from cube_demper.domain.market.pulse import (
    HOURS,
    UNKNOWN,
    Levels,
    Pulse,
    learn,
    newborn,
    usual_of,
)
from cube_demper.domain.market.tempo import Tempo
from cube_demper.domain.market.together import how_many_elsewhere

Place = tuple[str, str]
"""A card in a city."""
_HABIT_FULL = 100.0


@dataclass(frozen=True, slots=True)
class CardState:
    """What is known of a place, and when it was last looked at; None: never."""

    pulse: Pulse
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """What one look taught. `rival`: who moved, if the answer to the market changed."""

    place: Place
    state: CardState
    has_moved: bool = False
    rival: str | None = None


@dataclass(frozen=True, slots=True)
class TempoInForce:
    """The tempo with what is usual among cards, and the part of the budget it was solved for."""

    tempo: Tempo = field(default_factory=Tempo)
    usual: Levels = UNKNOWN
    budget_share: float = 1.0
    solved_at: datetime | None = None


def take_in(state: CardState, seen_at: datetime, usual: Levels, *, has_moved: bool) -> CardState:
    """Return what is known after one more look."""
    if state.looked_at is None or seen_at <= state.looked_at:
        return CardState(state.pulse, max(seen_at, state.looked_at or seen_at))
    span = seen_at - state.looked_at
    hour = hour_of(state.looked_at + span / 2)
    hours = span.total_seconds() / 3600
    return CardState(
        learn(state.pulse, hours=hours, hour=hour, has_moved=has_moved, usual=usual), seen_at
    )


def hour_of(moment: datetime) -> int:
    """Return the hour of the day in Almaty."""
    return moment.astimezone(ALMATY).hour


async def states(tx: ReadTx, places: Iterable[Place], usual: Levels) -> dict[Place, CardState]:
    """Return what is known of these places; those never looked at are as all cards are."""
    wanted = set(places)
    found = {place: CardState(newborn(usual)) for place in wanted}
    for row in await pulse_queries.list_pulses(tx, wanted) if wanted else ():
        if len(row.levels) == len(UNKNOWN) and len(row.moves) == HOURS:
            pulse = Pulse(tuple(row.levels), tuple(row.moves), tuple(row.watched))
            found[row.card, row.city_id] = CardState(pulse, row.looked_at)
    return found


async def remember(tx: WriteTx, learned: Sequence[Learned]) -> None:
    """Write what looks taught; of two looks at one place the later stays."""
    latest = {item.place: item for item in learned if item.state.looked_at is not None}
    await pulse_queries.save_pulses(
        tx,
        [
            {
                "card": card,
                "city_id": city_id,
                "levels": list(item.state.pulse.levels),
                "moves": list(item.state.pulse.moves),
                "watched": list(item.state.pulse.watched),
                "looked_at": item.state.looked_at,
                "moved_at": item.state.looked_at if item.has_moved else None,
            }
            for (card, city_id), item in latest.items()
        ],
    )


async def looks_elsewhere(tx: ReadTx, rivals: Iterable[str]) -> dict[str, int]:
    """Say on how many other goods to look for each rival that has just moved."""
    wanted = set(rivals)
    known = await pulse_queries.habits(tx, wanted) if wanted else {}
    many = {rival: how_many_elsewhere(*known.get(rival, (0.0, 0.0))) for rival in wanted}
    return {rival: number for rival, number in many.items() if number}


async def remember_tries(tx: WriteTx, tries: Iterable[tuple[str, bool]]) -> None:
    """Write whether rivals had moved where they were looked for."""
    tried, together = Counter[str](), Counter[str]()
    for rival, has_moved in tries:
        tried[rival] += 1
        together[rival] += has_moved
    await pulse_queries.add_habits(
        tx,
        [
            {"merchant_id": rival, "tried": float(tried[rival]), "together": float(together[rival])}
            for rival in tried
        ],
        full=_HABIT_FULL,
    )


async def usual_now(tx: ReadTx) -> Levels:
    """Return what is usual among all cards."""
    known, levels = await pulse_queries.mean_levels(tx)
    return usual_of(known, levels) if len(levels) == len(UNKNOWN) else UNKNOWN


async def tempo_in_force(tx: ReadTx) -> TempoInForce:
    """Return the tempo of all workers."""
    row = await pulse_queries.find_tempo(tx)
    return TempoInForce() if row is None else _in_force(row.tempo, row.solved_at)


async def may_solve(tx: WriteTx) -> bool:
    """Take the right to solve the tempo until the transaction ends; one process has it at a time."""
    return await pulse_queries.may_solve(tx)


async def put_in_force(tx: WriteTx, chosen: TempoInForce, now: datetime) -> None:
    """Give all workers a new tempo."""
    tempo, usual = chosen.tempo, chosen.usual
    stores = {str(store): factor for store, factor in tempo.stores.items()}
    await pulse_queries.save_tempo(
        tx,
        {
            "price": tempo.price,
            "stretch": tempo.stretch,
            "stores": stores,
            "levels": usual,
            "budget_share": chosen.budget_share,
        },
        now,
    )


def _in_force(raw: Mapping[str, Any], solved_at: datetime) -> TempoInForce:
    stores = {UUID(store): float(factor) for store, factor in raw["stores"].items()}
    return TempoInForce(
        Tempo(float(raw["price"]), float(raw["stretch"]), stores),
        tuple(raw["levels"]),
        float(raw["budget_share"]),
        solved_at,
    )
