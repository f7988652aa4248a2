"""Which stores' queues this process drains now: one drain a store, rests where nothing may leave."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from structlog import get_logger

from cube_demper.domain.stores.schemas import ReadyStore
from workers.sending import Sender

_LONGEST_REST = 10
"""Turns of half a second to one: Kaspi frees a change about every seven where they are short."""
_log = get_logger()


@dataclass(slots=True)
class _Rest:
    """A store whose drains bring nothing: how many turns it sits out next, how many are left now."""

    turns: int = 0
    left: int = 0
    was_urgent: bool = False


class SendLane:
    """Keeps one drain a store going at a time in this process.

    A store of which nothing may leave, or which another process drains, is tried the next turn, then
    after 1, 2, 4, 8, 10 turns; something urgent that has come meanwhile ends its rest.
    """

    def __init__(self, sender: Sender) -> None:
        """Start with nothing going on."""
        self._sender = sender
        self._going: dict[UUID, asyncio.Task[None]] = {}
        self._rests: dict[UUID, _Rest] = {}
        self.sent = 0

    def start(
        self,
        stores_: Sequence[ReadyStore],
        waiting: Mapping[UUID, bool],
        *,
        without_prices: AbstractSet[UUID] = frozenset(),
        with_supply: AbstractSet[UUID] = frozenset(),
    ) -> None:
        """Take a turn: drain the stores of `waiting` (whether with something urgent) that do not rest.

        Those `with_supply` have changes of stock, too.
        """
        self._rests = {id_: rest for id_, rest in self._rests.items() if id_ in waiting}
        for store in stores_:
            if store.id in waiting and store.id not in self._going:
                rest = self._rests.setdefault(store.id, _Rest())
                is_newly_urgent = waiting[store.id] and not rest.was_urgent
                rest.was_urgent = waiting[store.id]
                if rest.left and not is_newly_urgent:
                    rest.left -= 1
                    continue
                drain = self._sender.drain(
                    store,
                    with_prices=store.id not in without_prices,
                    with_supply=store.id in with_supply,
                )
                self._going[store.id] = asyncio.create_task(self._follow(store, rest, drain))

    async def _follow(
        self, store: ReadyStore, rest: _Rest, drain: Coroutine[Any, Any, int]
    ) -> None:
        sent = 0
        try:
            sent = await drain
        except Exception:  # noqa: BLE001 - the worker boundary
            _log.exception("drain_failed", store=str(store.id))
        finally:
            self.sent += sent
            rest.left = 0 if sent else rest.turns
            rest.turns = 0 if sent else min(max(rest.turns * 2, 1), _LONGEST_REST)
            self._going.pop(store.id, None)

    async def wait(self) -> None:
        """Wait for the drains that go on now."""
        if self._going:
            await asyncio.wait(list(self._going.values()))
