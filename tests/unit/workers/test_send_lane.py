"""A store whose drains bring nothing rests longer and longer; an urgent price ends its rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from cube_demper.core.ids import new_id
from cube_demper.domain.stores.schemas import ReadyStore
from workers.send_lane import SendLane
from workers.sending import Sender


@dataclass
class Store:
    id: UUID


class Drains:
    def __init__(self) -> None:
        self.sends = 0
        self.tried = 0

    async def drain(self, store: ReadyStore, *, with_prices: bool, with_supply: bool) -> int:
        self.tried += 1
        return self.sends


async def _turns(lane: SendLane, store: Store, count: int, *, is_urgent: bool = False) -> None:
    for _ in range(count):
        lane.start([cast("ReadyStore", store)], {store.id: is_urgent})
        await lane.wait()


async def test_fruitless_drains_grow_seldom_and_a_send_makes_them_quick_again() -> None:
    drains, store = Drains(), Store(new_id())
    lane = SendLane(cast("Sender", drains))
    await _turns(lane, store, 100)
    assert 10 <= drains.tried <= 15

    drains.sends, drains.tried = 1, 0
    await _turns(lane, store, 15)
    assert drains.tried >= 5
    assert lane.sent == drains.tried


async def test_an_urgent_price_ends_the_rest_once() -> None:
    drains, store = Drains(), Store(new_id())
    lane = SendLane(cast("Sender", drains))
    await _turns(lane, store, 60)
    drains.tried = 0
    await _turns(lane, store, 1, is_urgent=True)
    assert drains.tried == 1
    await _turns(lane, store, 2, is_urgent=True)
    assert drains.tried == 1


async def test_a_store_without_a_queue_is_forgotten() -> None:
    drains, store = Drains(), Store(new_id())
    lane = SendLane(cast("Sender", drains))
    await _turns(lane, store, 60)
    lane.start([cast("ReadyStore", store)], {})
    drains.tried = 0
    await _turns(lane, store, 1)
    assert drains.tried == 1
