"""The market in time: rivals' moves and price changes, worked out card by card when somebody looks.

What happens on a card depends only on that card, so a card is brought up to date lazily and the result does
not depend on when one looked. A card nobody looked at for long rests: its rivals' plans move on together.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cube_demper.sandbox import pricefeed, rivals
from cube_demper.sandbox.chance import hex_id, roll
from cube_demper.sandbox.pricefeed import Change, FeedRules
from cube_demper.sandbox.world import Card, Listing, RivalListing, StoreListing, World

#: The longest stretch of a card's life that is worked out at once.
_CATCH_UP_SECONDS = 2 * 3600.0
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class ApplyDelay:
    """Seconds between the acceptance of a change and its effect."""

    shortest: float = 5
    longest: float = 60


class Market:
    """Prices of everybody, and the handles that tests move them by."""

    def __init__(
        self,
        world: World,
        now: Callable[[], float],
        *,
        delay: ApplyDelay,
        rules: FeedRules,
        on_change: Callable[[Change], None],
    ) -> None:
        """`on_change` is told of every change when it is accepted and when it is settled."""
        self.world = world
        self.delay = delay
        self.rules = rules
        self.is_frozen = False
        self.touched: set[str] = set()
        """Cards changed since the state was last saved."""
        self.changes: dict[str, Change] = {}
        """Changes that wait, by id."""
        self.recent: dict[tuple[str, str], Change] = {}
        """The last change of each (store, SKU)."""
        self.accepted_count = 0
        self._now = now
        self._on_change = on_change
        self._heap: list[tuple[float, int, str]] = []
        self._of_card: dict[str, list[Change]] = {}
        for card in world.cards.values():
            self._age(card, now())
            self._start(card, now())

    def _age(self, card: Card, now: float) -> None:
        """Give the stores' offers a past: put on sale some days ago, the removed ones gone since."""
        for listing in card.listings:
            if isinstance(listing, StoreListing):
                draw = roll(self.world.seed, "age", listing.merchant.uid, card.id)
                born, changed = draw.uniform(30, 90), draw.uniform(1, 20)
                listing.updates = [("ON_SALE", now - born * _DAY_SECONDS)]
                listing.updated_at = now - changed * _DAY_SECONDS
                if not listing.is_on_sale:
                    listing.removed_at = listing.updated_at
                    listing.updates.append(("REMOVE", listing.updated_at))

    def _start(self, card: Card, now: float) -> None:
        for listing in card.listings:
            if isinstance(listing, RivalListing):
                listing.wakes_at = rivals.first_wake(self.world.seed, listing, now)
        self.plan(card)

    def plan(self, card: Card) -> None:
        """Work out when something next happens on this card."""
        wakes = [r.wakes_at for r in card.listings if isinstance(r, RivalListing)]
        waits = [change.due_at for change in self._of_card.get(card.id, ())]
        card.due_at = min([*wakes, *waits], default=math.inf)

    def offers(self, card_id: str, city_id: str) -> list[tuple[int, Listing]]:
        """Return (price, listing) of all who sell the card in the city now, in no order."""
        card = self.world.cards.get(card_id)
        if card is None:
            return []
        self.advance(card)
        return [
            (price, listing)
            for listing in card.listings
            if (price := listing.price_in(city_id)) is not None
        ]

    def goods(self, store: str) -> list[StoreListing]:
        """Return a store's listings, up to date, in the order of the cabinet."""
        self.settle()
        return list(self.world.stores.get(store, {}).values())

    def accept(
        self, body: dict[str, Any], *, is_single: bool, ip: str, fate: str | None = None
    ) -> Change:
        """Take a checked change of the price feed; it is applied after a delay."""
        self.settle()
        self.accepted_count += 1
        number, now = self.accepted_count, self._now()
        wait = roll(self.world.seed, "delay", number)
        change = Change(
            id=f"{int(now):08x}{hex_id(self.world.seed, 'change', number, length=16)}",
            number=number,
            accepted_at=now,
            due_at=now + wait.uniform(self.delay.shortest, self.delay.longest),
            is_single=is_single,
            ip=ip,
            fate=fate,
            **body,
        )
        listing = self.listing_of_store(change.store, change.sku)
        change.changed_cities = pricefeed.would_change(change, listing)
        self.enqueue(change)
        self._on_change(change)
        return change

    def enqueue(self, change: Change) -> None:
        """Let a change wait for its time; also used when a restart finds it in the log."""
        self.accepted_count = max(self.accepted_count, change.number)
        self.changes[change.id] = change
        self.recent[change.store, change.sku] = change
        heapq.heappush(self._heap, (change.due_at, change.number, change.id))
        if card := self._card_of(change):
            self._of_card.setdefault(card.id, []).append(change)
            card.due_at = min(card.due_at, change.due_at)

    def settle(self) -> None:
        """Apply every change whose time has come."""
        now = self._now()
        while self._heap and self._heap[0][0] <= now:
            change = self.changes.get(heapq.heappop(self._heap)[2])
            if change is None:
                continue
            card = self._card_of(change)
            if card:
                self.advance(card)
            else:
                self._apply(change)

    def advance(self, card: Card) -> None:
        """Bring one card up to date."""
        now = self._now()
        if card.due_at > now:
            return
        self.touched.add(card.id)
        waiting = sorted(self._of_card.get(card.id, ()), key=lambda c: (c.due_at, c.number))
        self._skip_rest(card, now)
        while True:
            rival = None if self.is_frozen else self._next_rival(card)
            wakes_at = rival.wakes_at if rival else math.inf
            if waiting and waiting[0].due_at <= min(wakes_at, now):
                self._apply(waiting.pop(0), card)
            elif rival and wakes_at <= now:
                if rivals.wake(self.world.seed, card, rival):
                    self._tell_others(card, rival, wakes_at)
            else:
                break
        self.plan(card)

    def _skip_rest(self, card: Card, now: float) -> None:
        rest = [r for r in card.listings if isinstance(r, RivalListing)]
        if self.is_frozen:
            for rival in rest:
                rival.wakes_at = max(rival.wakes_at, now + 1)
            return
        lag = now - _CATCH_UP_SECONDS - min((r.wakes_at for r in rest), default=math.inf)
        if lag > 0:
            for rival in rest:
                rival.wakes_at += lag

    def _next_rival(self, card: Card) -> RivalListing | None:
        present = [r for r in card.listings if isinstance(r, RivalListing)]
        return min(present, key=lambda r: (r.wakes_at, r.merchant.uid), default=None)

    def _tell_others(self, card: Card, mover: Listing, at: float) -> None:
        for listing in card.listings:
            if isinstance(listing, RivalListing) and listing is not mover:
                rivals.notice(self.world.seed, listing, at)

    def _card_of(self, change: Change) -> Card | None:
        listing = self.listing_of_store(change.store, change.sku)
        return self.world.cards[listing.card_id] if listing else None

    def listing_of_store(self, store: str, sku: str) -> StoreListing | None:
        """Return a store's listing as it stood when its card was last brought up to date."""
        return self.world.stores.get(store, {}).get(sku)

    def _apply(self, change: Change, card: Card | None = None) -> None:
        listing = self.listing_of_store(change.store, change.sku)
        before = dict(listing.prices) if listing else {}
        change.result = pricefeed.apply_change(change, listing, self.rules)
        del self.changes[change.id]
        if card:
            self._of_card[card.id].remove(change)
        self._on_change(change)
        if listing and card and listing.prices != before:
            self._tell_others(card, listing, change.due_at)

    def rivals_on(self, card_id: str) -> list[RivalListing]:
        """Return the rivals of a card, up to date."""
        card = self.world.cards[card_id]
        self.advance(card)
        return [listing for listing in card.listings if isinstance(listing, RivalListing)]

    def store_listing(self, store: str, sku: str) -> StoreListing:
        """Return a store's listing, up to date."""
        self.settle()
        return self.world.stores[store][sku]

    def set_rival(
        self, card_id: str, merchant: str, price: int, *, city_id: str | None = None
    ) -> RivalListing:
        """Put a rival on the card at this price (in one city or in all of its own), frozen there."""
        rival = next(r for r in self.rivals_on(card_id) if r.merchant.uid == merchant)
        cities = [city_id] if city_id else list(rival.prices)
        rival.prices.update(dict.fromkeys(cities, price))
        rival.is_present = rival.is_frozen = True
        self.note_change(card_id)
        return rival

    def clear_rivals(self, card_id: str) -> None:
        """Take every rival off the card, for good."""
        for rival in self.rivals_on(card_id):
            rival.is_present, rival.is_frozen = False, True
        self.note_change(card_id)

    def set_store_price(
        self, store: str, sku: str, price: int, *, city_id: str | None = None
    ) -> None:
        """Change a store's price (in one city or everywhere), as the seller's own hand would."""
        listing = self.store_listing(store, sku)
        listing.prices |= dict.fromkeys([city_id] if city_id else listing.prices, price)
        self.note_change(listing.card_id)

    def freeze_rivals(self, *, is_frozen: bool = True) -> None:
        """Stop all rivals, or let them go on from now."""
        for card in self.world.cards.values():
            self.advance(card)
            if not is_frozen:
                self._start(card, self._now())
        self.is_frozen = is_frozen

    def note_change(self, card_id: str) -> None:
        """Let the rivals of a card see that a price on it is another one."""
        card = self.world.cards[card_id]
        self.touched.add(card_id)
        for rival in card.listings:
            if isinstance(rival, RivalListing):
                rivals.notice(self.world.seed, rival, self._now())
        self.plan(card)
