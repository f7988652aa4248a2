"""Invented histories of a market: rivals of known character, looked at each minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cube_demper.domain.market.schemas import Market, Offer

DAY = datetime(2026, 11, 1, 19, 0, tzinfo=UTC)
"""Midnight in Almaty."""
US = "MINE"
ALMATY = "750000000"


def tenge(amount: float) -> int:
    return round(amount * 100)


@dataclass
class Scene:
    """One card: who sells at what, minute by minute. `None`: not on sale."""

    card: str = "77"
    prices: dict[str, float | None] = field(default_factory=dict)
    minute: int = 0
    total_more: int = 0
    start: datetime = DAY

    @property
    def now(self) -> datetime:
        return self.start + timedelta(minutes=self.minute)

    def look(self) -> Market:
        offers = sorted(
            (
                Offer(name, f"Магазин {name}", tenge(price))
                for name, price in self.prices.items()
                if price
            ),
            key=lambda offer: offer.price,
        )
        return Market(self.card, ALMATY, tuple(offers), len(offers) + self.total_more, self.now)

    def play(
        self, minutes: int, act: Callable[[Scene], None], *, every: int = 1
    ) -> Iterator[Market]:
        """Let `act` change prices each minute and look each `every` minutes."""
        for _ in range(minutes):
            self.minute += 1
            act(self)
            if self.minute % every == 0:
                yield self.look()


def chase(
    *, rival: str = "BOT", answers_after: int = 3, rival_floor: float = 9000, pause: int = 10
) -> Callable[[Scene], None]:
    """We go a tenge under the rival `pause` minutes after it beat us; it answers by a tenge too.

    At its floor it lets us stand; each 5 hours both begin again from the top.
    """
    beaten_since: dict[str, int] = {}

    def act(scene: Scene) -> None:
        ours, theirs = scene.prices[US] or 0, scene.prices[rival] or 0
        if scene.minute % 300 == 0:
            scene.prices |= {US: 9011, rival: 9010}
            beaten_since.clear()
            return
        loser, cheaper, wait = (
            (US, theirs, pause) if theirs < ours else (rival, ours, answers_after)
        )
        beaten_since.setdefault(loser, scene.minute)
        if scene.minute - beaten_since[loser] < wait - 1:  # noticed a minute after it happened
            return
        beaten_since.clear()
        if loser == US or cheaper - 1 >= rival_floor:
            scene.prices[loser] = cheaper - 1

    return act


def human(name: str = "HAND") -> Callable[[Scene], None]:
    """Looks in once a day, about noon, and sets a price of its own liking."""

    def act(scene: Scene) -> None:
        if scene.minute % 1440 == 720 + scene.minute // 1440 * 17 % 90:
            scene.prices[name] = 9500 + (scene.minute // 1440 * 137) % 400

    return act


def clearance(name: str = "SALE") -> Callable[[Scene], None]:
    """Comes down by a tenth each day, whatever others do."""

    def act(scene: Scene) -> None:
        if scene.minute % 1440 == 660:
            scene.prices[name] = round((scene.prices[name] or 0) * 0.9)

    return act


def vanishing(name: str = "GONE", *, after: int = 600) -> Callable[[Scene], None]:
    """Sells for some hours and is never seen again."""

    def act(scene: Scene) -> None:
        if scene.minute == after:
            scene.prices[name] = None

    return act
