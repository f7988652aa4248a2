"""From the moves on one card to the meetings with each rival there. Pure.

The clock is that of looks: a price holds from the look that first saw it to the look that saw the
next. In one look our own move counts as the earlier one, since rivals answer what is on the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from cube_demper.core.clock import ALMATY
from cube_demper.domain.market.moves import Move
from cube_demper.domain.market.rivals.schemas import Answer, Ground, Meeting

ANSWERS_WITHIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class _Challenge:
    """Our price went under a rival's: between these looks, and it has not answered yet."""

    after: datetime
    at: datetime


@dataclass(slots=True)
class _Reader:
    ground: Ground
    ours: str
    friends: frozenset[str]
    prices: dict[str, int]
    meetings: dict[str, Meeting] = field(default_factory=dict)
    challenges: dict[str, _Challenge] = field(default_factory=dict)

    def meeting(self, merchant: str) -> Meeting:
        found = self.meetings.get(merchant)
        if found is None:
            ground = self.ground
            found = Meeting(ground.product_id, ground.name, ground.floor)
            self.meetings[merchant] = found
        return found

    def pass_time(self, start: datetime, end: datetime) -> None:
        own, seconds = self.prices.get(self.ours), (end - start).total_seconds()
        for merchant, price in self.prices.items():
            if merchant == self.ours or merchant in self.friends:
                continue
            meeting = self.meeting(merchant)
            meeting.last_seen_at = end
            if own is not None:
                meeting.together += seconds
                meeting.ahead += seconds if price < own else 0
        self._give_up(end)

    def _give_up(self, now: datetime) -> None:
        own = self.prices.get(self.ours)
        for merchant, challenge in list(self.challenges.items()):
            if now - challenge.at < ANSWERS_WITHIN:
                continue
            del self.challenges[merchant]
            if own is not None and merchant in self.prices:
                self.meeting(merchant).unanswered.append(own)

    def take(self, move: Move) -> None:
        if move.merchant_id == self.ours:
            self._we_moved(move)
        elif move.merchant_id not in self.friends:
            self._rival_moved(move)
        if move.new_price is None:
            self.prices.pop(move.merchant_id, None)
        else:
            self.prices[move.merchant_id] = move.new_price

    def _we_moved(self, move: Move) -> None:
        new, old = move.new_price, move.old_price
        if new is None:
            self.challenges.clear()
            return
        for merchant, price in self.prices.items():
            if merchant == self.ours or merchant in self.friends:
                continue
            if new >= price:
                self.challenges.pop(merchant, None)
            elif old is not None and old >= price and move.seen_after is not None:
                challenge = _Challenge(move.seen_after, move.seen_at)
                self.challenges.setdefault(merchant, challenge)

    def _rival_moved(self, move: Move) -> None:
        meeting, new = self.meeting(move.merchant_id), move.new_price
        meeting.name = move.name or meeting.name
        if new is None:
            self.challenges.pop(move.merchant_id, None)
            return
        meeting.last_seen_at = move.seen_at
        if move.old_price is None:
            meeting.returns += move.seen_after is not None
        else:
            meeting.hours[move.seen_at.astimezone(ALMATY).hour] += 1
            meeting.falls += new < move.old_price
            meeting.rises += new > move.old_price
        meeting.lowest = new if meeting.lowest is None else min(meeting.lowest, new)
        meeting.highest = max(meeting.highest or 0, new)
        self._answer(meeting, move, new)

    def _answer(self, meeting: Meeting, move: Move, new: int) -> None:
        challenge, own = self.challenges.get(move.merchant_id), self.prices.get(self.ours)
        if challenge is None or own is None or new >= own or move.seen_after is None:
            return
        del self.challenges[move.merchant_id]
        shortest = max((move.seen_after - challenge.at).total_seconds(), 0)
        longest = (move.seen_at - challenge.after).total_seconds()
        is_settled = self.ground.seen_at - challenge.at >= ANSWERS_WITHIN
        meeting.answers.append(Answer(round(shortest), round(longest), own, new, is_settled))


def read_ground(ground: Ground, ours: str, friends: frozenset[str]) -> dict[str, Meeting]:
    """Return the meetings with every rival on one card; `friends` are the seller's other stores."""
    reader = _Reader(ground, ours, friends, _first_prices(ground))
    for merchant, price in reader.prices.items():
        if merchant != ours and merchant not in friends:
            meeting = reader.meeting(merchant)
            meeting.lowest = meeting.highest = price
    last = ground.since
    for at, moves in _by_look(ground.moves):
        reader.pass_time(last, at)
        for move in sorted(moves, key=lambda it: it.merchant_id != ours):
            reader.take(move)
        last = at
    reader.pass_time(last, max(last, ground.seen_at))
    for merchant, meeting in reader.meetings.items():
        meeting.price = ground.prices.get(merchant)
        meeting.our_price = ground.prices.get(ours)
    return reader.meetings


def _by_look(moves: Iterable[Move]) -> Iterator[tuple[datetime, list[Move]]]:
    for at, group in groupby(moves, key=lambda move: move.seen_at):
        yield at, list(group)


def _first_prices(ground: Ground) -> dict[str, int]:
    """Return who stood where before the first of the moves."""
    prices = dict(ground.prices)
    for move in reversed(ground.moves):
        if move.old_price is None:
            prices.pop(move.merchant_id, None)
        else:
            prices[move.merchant_id] = move.old_price
    return prices
