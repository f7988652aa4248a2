"""One simulated day of three kinds of card, with the bot's own rules: rival, us and the floor.

Virtual time, the real `decide`, `remember`, pulse and tempo; a sent price is on the window after 30 s.
Prints what each day came to and draws it: `.cube/day_of_cards.html`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import format_tenge
from cube_demper.domain.market import chase
from cube_demper.domain.market.pulse import UNKNOWN, newborn
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.market.tempo import Tempo
from cube_demper.domain.pricing.rules import decide, remember, remember_sent
from cube_demper.domain.pricing.schemas import Memory, ProductTerms, Reason, StoreTerms, Strategy
from tests.benchmarks._stage import print_table

_DAY = datetime(2026, 11, 25, 19, tzinfo=UTC)  # midnight in Almaty
_UPLOAD = timedelta(seconds=30)
_MISTYPED = 790_000
_STEP = timedelta(seconds=5)
_US, _RIVAL = "10000001", "20000001"
_STORE = UUID(int=1)
_TEMPO = Tempo(price=190.0, stretch=1.8)
"""As it comes out where 100,000 goods share 60 requests a second."""
_OUT = Path(".cube/day_of_cards.html")

Rival = Callable[[datetime, int, int], int]
"""What a rival asks at a moment, given our price on the window and its own (tiyn)."""


@dataclass
class Track:
    """A day as it went: (moment, price) of each, and what was counted."""

    ours: list[tuple[datetime, int]] = field(default_factory=list)
    rival: list[tuple[datetime, int]] = field(default_factory=list)
    looks: int = 0
    sends: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    first: timedelta = timedelta()


def quiet(now: datetime, _ours: int, own: int) -> int:
    """Change the price three times a day by hand."""
    hour = now.astimezone(ALMATY).hour
    steps = {11: 1_265_000, 15: 1_240_000, 19: 1_280_000}
    return steps.get(hour, own)


def bot() -> Rival:
    """Undercut by 1 ₸ four minutes after us, down to a floor of its own, then start high again."""
    answered = [_DAY]

    def move(now: datetime, ours: int, own: int) -> int:
        if ours >= own or now - answered[0] < timedelta(minutes=7):
            return own
        answered[0] = now
        return ours - 10_000 if ours - 10_000 >= 1_050_000 else 1_290_000

    return move


def slip(now: datetime, ours: int, own: int) -> int:
    """Follow us by day, and mistype the price for two hours in the afternoon."""
    hour = now.astimezone(ALMATY).hour
    if 14 <= hour < 16:
        return _MISTYPED
    if own == _MISTYPED:
        return 1_280_000
    return min(own, ours - 5_000) if hour in (10, 12, 18, 20) and ours > 1_150_000 else own


@dataclass(frozen=True)
class Kind:
    """A kind of card. `min_price`: the seller's floor (tiyn)."""

    rival: Rival
    min_price: int = 1_100_000


KINDS = {
    "тихая карточка: продавец меняет цену три раза в день": Kind(quiet),
    "бот-соперник сбивает цену: защита от войны": Kind(bot()),
    "опечатка соперника: подозрительная цена": Kind(slip, 700_000),
}


def play(kind: Kind) -> Track:
    """Play one day of one product."""
    rival, terms = kind.rival, _terms(kind.min_price)
    track, memory = Track(), Memory()
    ours, theirs, now = 1_299_000, 1_290_000, _DAY
    on_its_way: tuple[datetime, int] | None = None
    state, look_at = chase.CardState(newborn(UNKNOWN)), _DAY
    answered: int | None = None
    while now < _DAY + timedelta(days=1):
        if on_its_way and on_its_way[0] <= now:
            ours, on_its_way = on_its_way[1], None
        theirs = rival(now, ours, theirs)
        if now >= look_at:
            market = Market(
                "1", "1", (Offer(_RIVAL, "Соперник", theirs), Offer(_US, "Мы", ours, "1")), 2, now
            )
            decision = decide(market, terms, StoreTerms(_US), memory, None, now)
            memory = remember(memory, market, decision, now)
            track.looks += 1
            reason = str(decision.reason)
            track.reasons[reason] = track.reasons.get(reason, 0) + 1
            state = chase.take_in(state, now, UNKNOWN, has_moved=answered not in (None, theirs))
            answered = theirs
            if decision.is_change and decision.target:
                memory = remember_sent(memory, decision, now)
                on_its_way = (now + _UPLOAD, decision.target)
                track.sends += 1
            wait = _TEMPO.wait(_STORE, 900.0, state.pulse.rate)
            look_at = now + timedelta(seconds=wait)
        track.first += _STEP * (ours < theirs)
        track.ours.append((now, ours))
        track.rival.append((now, theirs))
        now += _STEP
    return track


def _terms(min_price: int) -> ProductTerms:
    return ProductTerms(
        kaspi_sku="1", city_id="1", cabinet_price=None, min_price=min_price, max_price=1_350_000,
        base_price=1_299_000, step=100, strategy=Strategy.STANDARD,
    )  # fmt: skip


def _thinned(points: list[tuple[datetime, int]]) -> tuple[list[datetime], list[float]]:
    kept = [point for n, point in enumerate(points) if n == 0 or point[1] != points[n - 1][1]]
    kept.append(points[-1])
    local = [at.astimezone(ALMATY).replace(tzinfo=None) for at, _ in kept]
    return local, [price / 100 for _, price in kept]


def _draw(tracks: dict[str, Track]) -> go.Figure:
    figure = make_subplots(rows=len(tracks), cols=1, subplot_titles=list(tracks))
    for row, (name, track) in enumerate(tracks.items(), start=1):
        floor = KINDS[name].min_price
        lines = (
            ("соперник", track.rival, "#8b8d98"),
            ("мы", track.ours, "#3d63dd"),
            (
                "мин. цена",
                [(at, floor) for at, _ in track.ours[:: len(track.ours) - 1]],
                "#d98d00",
            ),
        )
        for title, points, colour in lines:
            times, prices = _thinned(points)
            figure.add_scatter(
                x=times, y=prices, name=title, mode="lines", row=row, col=1, showlegend=row == 1,
                line={"shape": "hv", "color": colour, "width": 1.5},
            )  # fmt: skip
        lowest = floor / 100 - 500
        figure.update_yaxes(
            range=[lowest, 13_300], ticksuffix=" ₸", tickformat=",d", row=row, col=1
        )
    figure.update_layout(height=900, width=1200, template="plotly_white", separators=",\u00a0")
    return figure


def main() -> None:
    """Play, print and draw."""
    tracks = {name: play(kind) for name, kind in KINDS.items()}
    print_table(
        ("card", "looks", "sends", "first, %", "lowest", "rests after war", "suspicious"),
        [
            [
                name,
                str(track.looks),
                str(track.sends),
                f"{100 * track.first / timedelta(days=1):.1f}",
                format_tenge(min(price for _, price in track.ours)),
                str(track.reasons.get(Reason.WAR_REST, 0)),
                str(track.reasons.get(Reason.SUSPICIOUS_FALL, 0)),
            ]
            for name, track in tracks.items()
        ],
    )
    _OUT.parent.mkdir(exist_ok=True)
    _draw(tracks).write_html(_OUT)
    sys.stdout.write(f"plot: {_OUT}\n")


if __name__ == "__main__":
    main()
