"""`replay`: a rule over a recorded market, by the very `decide`, memory and guards of the bot. Pure.

Readings chosen:
- Rivals do what they really did; how they would have answered another price nobody knows.
- The replay looks where the bot really saw a change, and besides when it waits for something of its
  own (a price on its way, a second look, the end of a rest). A price shows 90 s after its send.
- Kaspi's limit of changes is not replayed: a rule that needs more of them says so by its number.
- Time counts only while the market was recorded and our offer was in it, the same for both prices.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace as changed
from datetime import datetime, timedelta

from cube_demper.domain.catalog.view_schemas import Step
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.pricing.bounds import bounds_of
from cube_demper.domain.pricing.rivals import View, view_of
from cube_demper.domain.pricing.rules import decide, remember, remember_sent
from cube_demper.domain.pricing.schemas import Decision, Memory, Reason
from cube_demper.domain.replay.schemas import (
    LOOK_AGAIN_AFTER,
    MOST_LOOKS,
    SHOWN_AFTER,
    VOUCHED_FOR,
    Figures,
    Lines,
    Outcome,
    Recorded,
    Trial,
)


def replay(
    stream: Iterable[Recorded],
    trial: Trial,
    since: datetime,
    until: datetime,
    looked_last: datetime | None = None,
) -> Outcome:
    """Play a rule over kept looks, oldest first; the first may be older than `since`."""
    player = Player(trial, since)
    for recorded in stream:
        if not player.take(recorded):
            break
    return player.end(until, looked_last)


class Player:
    """One replay in the making, so that a long stream need not be in memory at once."""

    def __init__(self, trial: Trial, since: datetime, *, keeps_lines: bool = True) -> None:
        """Begin at `since`; `keeps_lines`: for a plot."""
        self._trial, self._since, self._keeps_lines = trial, since, keeps_lines
        bounds = bounds_of(trial.product, trial.store, trial.profit_floor)
        self._floor = bounds.floor if bounds else None
        self._at = since
        self._seen: Recorded | None = None
        self._view: View | None = None
        self._memory = Memory()
        self._own: Offer | None = None
        self._real: int | None = None
        self._tried: int | None = None
        self._sent: tuple[int, datetime] | None = None
        self._wake: datetime | None = None
        self._recorded = timedelta()
        self._figures = (Figures(), Figures())
        self._lines: dict[str, list[Step]] = {"real": [], "tried": [], "rival": []}
        self._held_falls = self._wars = self._looks = 0
        self._last_reason: Reason | None = None

    def take(self, recorded: Recorded) -> bool:
        """Go on to this look; False when the rest is too much to be replayed."""
        moment = max(recorded.market.seen_at, self._since)
        self._go_on(moment, recorded.looked_before)
        if self._looks >= MOST_LOOKS:
            return False
        self._seen = recorded
        self._view = view_of(recorded.market, self._trial.product, self._trial.store)
        self._see_ourselves(moment)
        self._look(moment)
        return True

    def end(self, until: datetime, looked_last: datetime | None = None) -> Outcome:
        """Go on to the end and sum up; `looked_last`: when the market was last looked at."""
        is_cut = self._looks >= MOST_LOOKS
        if not is_cut:
            self._go_on(until, looked_last)
        real, tried = self._figures
        return Outcome(
            since=self._since,
            until=until,
            recorded=self._recorded,
            real=real,
            tried=tried,
            lines=Lines(
                tuple(self._lines["real"]),
                tuple(self._lines["tried"]),
                tuple(self._lines["rival"]),
                self._floor,
            ),
            held_falls=self._held_falls,
            wars=self._wars,
            looks=self._looks,
            is_cut=is_cut,
        )

    def _go_on(self, until: datetime, looked_before: datetime | None) -> None:
        """Let the last look stand until then, as far as it may, doing what comes due meanwhile."""
        if self._seen is None:
            self._at = until
            return
        seen_until = max(looked_before or self._at, self._seen.market.seen_at)
        known_until = until if until - seen_until <= VOUCHED_FOR else min(until, seen_until)
        while self._looks < MOST_LOOKS and (due := self._next_due()) and due < known_until:
            self._count(due)
            self._show_sent(due)
            self._look(due)
        self._count(max(known_until, self._at))
        if known_until < until:
            self._show_sent(until)
            self._wake = None
            self._draw(None, None, None)
            self._at = until

    def _next_due(self) -> datetime | None:
        moments = [self._sent[1] if self._sent else None, self._wake]
        return min((it for it in moments if it is not None), default=None)

    def _show_sent(self, moment: datetime) -> None:
        if self._sent and self._sent[1] <= moment:
            self._tried, self._sent = self._sent[0], None

    def _see_ourselves(self, moment: datetime) -> None:
        own = self._view.own if self._view else None
        if own is None:
            return
        if self._real is not None and own.price != self._real:
            self._figures[0].changes += 1
        self._own, self._real = own, own.price
        self._show_sent(moment)
        if self._tried is None:
            self._tried = own.price

    @property
    def _is_on_sale(self) -> bool:
        """Tell whether our offer is in the market: seen, or not read among many."""
        if self._seen is None or self._view is None or self._own is None:
            return False
        return self._view.own is not None or not self._seen.market.is_complete

    def _look(self, moment: datetime) -> None:
        """Decide as the bot would at this moment."""
        assert self._seen is not None  # noqa: S101 - only called after a look
        self._wake = None
        if not self._is_on_sale or self._tried is None:
            return self._draw_now()
        if not self._trial.is_open(moment):
            self._wake = moment + LOOK_AGAIN_AFTER
            return self._draw_now()
        self._looks += 1
        trial, market = self._trial, self._as_if(moment)
        decision = decide(
            market, trial.product, trial.store, self._memory, trial.profit_floor, moment
        )
        self._memory = remember(self._memory, market, decision, moment)
        self._note(decision)
        if decision.is_change and decision.target is not None:
            self._memory = remember_sent(self._memory, decision, moment)
            self._sent = (decision.target, moment + SHOWN_AFTER)
            self._figures[1].changes += 1
        elif self._sent is None:
            self._wake = _wake_after(decision, moment)
        return self._draw_now()

    def _as_if(self, moment: datetime) -> Market:
        """Return the market with our offer at the replayed price."""
        assert self._seen is not None  # noqa: S101
        assert self._own is not None  # noqa: S101
        assert self._tried is not None  # noqa: S101
        seen = self._view.own if self._view else None
        market, ours = self._seen.market, changed(self._own, price=self._tried)
        others = tuple(offer for offer in market.offers if offer is not seen)
        return changed(market, offers=(*others, ours), seen_at=moment)

    def _note(self, decision: Decision) -> None:
        if decision.reason is not self._last_reason:
            self._held_falls += decision.reason is Reason.SUSPICIOUS_FALL
            self._wars += decision.reason is Reason.PRICE_WAR
        self._last_reason = decision.reason

    def _count(self, until: datetime) -> None:
        """Add the time up to then to the figures of both prices."""
        span, self._at = until - self._at, max(until, self._at)
        if span <= timedelta(0) or self._seen is None:
            return
        self._recorded += span
        if not self._is_on_sale or self._view is None:
            return
        for figures, price in zip(self._figures, (self._real, self._tried), strict=True):
            if price is None:
                continue
            figures.on_sale += span
            figures.price_seconds += price * span.total_seconds()
            if self._view.place_of(price) == 1:
                figures.first += span
            if self._floor is not None and price <= self._floor:
                figures.at_floor += span

    def _draw_now(self) -> None:
        cheapest = self._view.rivals[0].price if self._view and self._view.rivals else None
        shown = (self._real, self._tried) if self._is_on_sale else (None, None)
        self._draw(*shown, cheapest)

    def _draw(self, real: int | None, tried: int | None, rival: int | None) -> None:
        if not self._keeps_lines:
            return
        for name, price in (("real", real), ("tried", tried), ("rival", rival)):
            line = self._lines[name]
            if not line or line[-1].price != price:
                line.append(Step(self._at, price))


def _wake_after(decision: Decision, moment: datetime) -> datetime | None:
    """Say when the bot's own time may change its mind though the market does not."""
    if decision.wait_until is not None and decision.wait_until > moment:
        return decision.wait_until
    if decision.reason is Reason.SUSPICIOUS_FALL:  # the 24-hour median moves on
        return moment + LOOK_AGAIN_AFTER
    return None
