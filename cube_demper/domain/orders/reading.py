"""Reading a store's orders through an `OrderBook`: the last days, what they did not show, the past.

Every page is written in a transaction of its own that proves the lease: killed anywhere, it goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from structlog import get_logger

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import ContractChanged, Refused
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.orders import order_queries as queries
from cube_demper.domain.orders import polling, taking
from cube_demper.domain.orders import polling_rules as rules
from cube_demper.domain.orders.polling import Turn
from cube_demper.domain.orders.seen_schemas import OrderBook, SeenOrder

_MOST_PAGES: Final = 1000
"""Of one list in one window: a list that never ends is a lie."""
_log = get_logger()


@dataclass(slots=True)
class Reading:
    """One store's turn. `must_rest` ends an import between two windows. Raises LeaseLost from any step."""

    db: Database
    actor: Actor
    turn: Turn
    book: OrderBook
    secrets: SecretBox
    now: Callable[[], datetime]
    must_rest: Callable[[], bool]
    counts: dict[str, int] = field(
        default_factory=lambda: {"seen": 0, "added": 0, "moved": 0, "unclear": 0, "missing": 0}
    )

    async def read_latest(self) -> None:
        """Read the last days (once a day farther back), then what should have been there."""
        begun, turn = self.now(), self.turn
        is_sweep = not turn.is_importing and (
            turn.swept_at is None or begun - turn.swept_at >= rules.SWEEP_EVERY
        )
        since = begun - (rules.SWEEP_DEPTH if is_sweep else rules.DEPTH)
        seen = 0
        for start, end in rules.windows(since, begun):
            seen += await self._read_window(start, end)
        await self._follow(since, begun, is_trusted=seen > 0)
        async with self.db.write() as tx:
            await polling.read(tx, turn, self.book.source, begun, seen=seen, is_sweep=is_sweep)

    async def go_on_importing(self) -> None:
        """Read the past window by window, the newest first, until it is done or it must rest."""
        turn = self.turn
        if turn.import_since is None or turn.import_cursor is None:
            raise RuntimeError("an import goes on before it began")
        for start, end in rules.windows(turn.import_since, turn.import_cursor):
            await self._read_window(start, end, is_import=True)
            async with self.db.write() as tx:
                await polling.imported(tx, turn, start, self.now())
            if self.must_rest():
                return

    async def _read_window(
        self, since: datetime, until: datetime, *, is_import: bool = False
    ) -> int:
        seen = 0
        for name in self.book.lists:
            for number in range(_MOST_PAGES):
                await self._renew()
                asked_at = self.now()
                page = await self.book.page(name, since, until, number)
                if page.unread:
                    store = str(self.turn.store_id)
                    _log.warning("orders_unread", store=store, list=name, rows=page.unread)
                orders = await self._with_items(page.orders)
                await self._take(orders, asked_at, is_import=is_import)
                seen += len(orders)
                if page.is_last:
                    break
            else:
                raise ContractChanged("Список заказов Kaspi не кончается")
        return seen

    async def _with_items(self, orders: Sequence[SeenOrder]) -> list[SeenOrder]:
        """Ask for the entries of orders that came without them, unless we have them."""
        without = [order.code for order in orders if order.items is None]
        if not without:
            return list(orders)
        async with self.db.read() as tx:
            written = await queries.codes_with_items(tx, self.turn.store_id, without)
        return [
            order
            if order.items is not None or order.code in written
            else await self._completed(order)
            for order in orders
        ]

    async def _completed(self, order: SeenOrder) -> SeenOrder:
        await self._renew()
        try:
            items = await self.book.items(order)
        except (Refused, ContractChanged):
            return order  # the order is worth keeping without them; the next reading asks again
        return replace(order, items=items) if items else order

    async def _take(
        self, orders: Sequence[SeenOrder], asked_at: datetime, *, is_import: bool = False
    ) -> None:
        turn = self.turn
        shelf = taking.Shelf(
            turn.store_id,
            turn.user_id,
            self.book.source,
            turn.import_started_at or asked_at,
            is_importing=turn.is_importing,
        )
        async with self.db.write() as tx:
            row = await polling.hold(tx, turn, self.now())
            taken = await taking.take(
                tx,
                self.actor,
                shelf,
                orders,
                asked_at=asked_at,
                secrets=self.secrets,
                now=self.now(),
            )
            if is_import:
                row.imported += taken.added
        for name, number in (
            ("seen", len(orders)),
            ("added", taken.added),
            ("moved", taken.moved),
            ("unclear", taken.unclear),
        ):
            self.counts[name] += number

    async def _renew(self) -> None:
        """Hold the store through many slow requests: each takes less than a third of the lease."""
        if self.turn.claimed_until - self.now() < polling.LEASE * 2 / 3:
            async with self.db.write() as tx:
                await polling.hold(tx, self.turn, self.now())

    async def _follow(self, since: datetime, begun: datetime, *, is_trusted: bool) -> None:
        """Ask one by one for what the lists did not show. An empty reading condemns nothing."""
        async with self.db.read() as tx:
            codes = await queries.list_to_follow(
                tx, self.turn.store_id, since, begun, rules.FOLLOWED
            )
        gone = []
        for code in codes:
            await self._renew()
            asked_at = self.now()
            found = await self.book.find(code)
            if found is None:
                gone.append(code)
            else:
                await self._take([found], asked_at)
        if not gone or not is_trusted:
            return
        async with self.db.write() as tx:
            await polling.hold(tx, self.turn, self.now())
            self.counts["missing"] += await queries.mark_missing(
                tx, self.turn.store_id, gone, begun, self.now()
            )
