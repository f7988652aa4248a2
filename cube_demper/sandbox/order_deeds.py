"""What has been done to orders of the sandbox by their sellers, and how that changes their lives."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from random import Random
from typing import Any, Final

from cube_demper.sandbox.order_lives import DAY_MS, End, Life, Line, Stage, Way, stage_of

TRIES: Final = 5
"""Wrong codes after which Kaspi takes none; its own number is not known."""
CODE_LASTS_MS: Final = 15 * 60_000
WAYBILL_AFTER_MS: Final = 60_000
"""KASPI.md §2.5: waybills come within 5 minutes."""


RETURN_ASKED: Final = "KASPI_DELIVERY_RETURN_REQUESTED"
_AWAITED: Final = "KASPI_DELIVERY_WAIT_FOR_POINT_DELIVERY"


@dataclass(slots=True)
class Deed:
    """What a seller did to one order; times in milliseconds, None: not yet."""

    accepted: int | None = None
    assembled: int | None = None
    spaces: int = 1
    completed: int | None = None
    cancelled: int | None = None
    reason: str | None = None
    came: int | None = None
    """When the goods of a pre-order came to the seller."""
    taken_back: int | None = None
    code: str = ""
    code_sent: int | None = None
    wrong: int = 0
    removed: dict[str, int] = field(default_factory=dict)
    """How many pieces stay, by the entry's place."""

    def send_code(self, now: int) -> None:
        """Send the buyer a new code."""
        draw = Random(f"{now}{self.code}")
        self.code, self.code_sent, self.wrong = f"{draw.randrange(10_000):04d}", now, 0

    def refusal_of(self, code: str, now: int) -> str | None:
        """Return why Kaspi does not take a code; None when it does."""
        if self.wrong >= TRIES:
            return "Too many attempts. Request a new security code"
        if self.code_sent is not None and now - self.code_sent > CODE_LASTS_MS:
            return "Security code is expired"
        if not self.code or code != self.code:
            self.wrong += 1
            return "Security code is not valid. And the order cannot be completed without it"
        return None

    def dump(self) -> dict[str, Any]:
        """Return what a restart must not forget."""
        return asdict(self)


def lived(life: Life, deed: Deed | None) -> Life:
    """Return the life that an order leads since its seller did something to it."""
    if deed is None:
        return life
    if deed.accepted is not None:
        life = _accepted(life, deed.accepted)
    if deed.assembled is not None:
        moved = deed.assembled - life.assembled
        life = _later(replace(life, assembled=deed.assembled), moved)
    if deed.completed is not None:
        over = deed.completed
        life = replace(life, end=End.COMPLETED, ended=over, closed=over + DAY_MS)
    if deed.removed:
        lines = (
            replace(line, quantity=deed.removed.get(str(place), line.quantity))
            for place, line in enumerate(life.lines)
        )
        life = replace(life, lines=tuple(lines))
    return life


def stage(life: Life, deed: Deed | None, now: int) -> Stage:
    """Return where an order stands at `now`; `life` as `lived` returned it."""
    if deed is not None and deed.cancelled is not None and now >= deed.cancelled:
        return Stage(
            "ARCHIVE", "CANCELLED", "ARCHIVED", "CANCELLED_BY_MERCHANT", reason=deed.reason
        )
    found = stage_of(life, now)
    if deed is not None and deed.came is not None and found.tab == _AWAITED:
        return replace(found, tab="KASPI_DELIVERY_CARGO_ASSEMBLY", tab_status="ACCEPTED")
    if deed is None or deed.taken_back is None:
        return found
    if found.status == "CANCELLING":
        return replace(
            found, state="ARCHIVE", status="CANCELLED", tab="ARCHIVED", tab_status="CANCELLED"
        )
    if found.status == RETURN_ASKED:
        return replace(found, status="RETURN_ACCEPTED_BY_MERCHANT")
    return found


def pieces_of(lines: tuple[Line, ...]) -> int:
    """Return how many pieces are in an order."""
    return sum(line.quantity for line in lines)


def _accepted(life: Life, at: int) -> Life:
    moved = at - life.accepted
    end = End.COMPLETED if life.end is End.CANCELLED_NEW else life.end
    ended = max(life.ended, life.arrived + 1) if life.end is End.CANCELLED_NEW else life.ended
    shifted = replace(life, accepted=at, end=end, ended=ended, closed=max(life.closed, ended + 1))
    return _later(replace(shifted, assembled=shifted.assembled + moved), moved)


def _later(life: Life, moved: int) -> Life:
    return replace(
        life,
        handed=life.handed + moved,
        arrived=life.arrived + moved,
        ended=life.ended + moved,
        closed=life.closed + moved,
    )


def can_hand_over(life: Life) -> bool:
    """Tell whether the seller gives the order to its buyer."""
    return life.way in (Way.PICKUP, Way.OWN)
