"""A store that wants more changes than Kaspi takes, with a product in every state of a send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from records import add_decision, add_product, add_store, add_user

from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.pricing.schemas import Action, Decision, Reason, RivalSeen, Strategy
from cube_demper.domain.pricing.worth import standing, worth
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import KaspiStore

ALMATY, ASTANA = "750000000", "710000000"
POINTS = [
    {"id": "1_PP1", "name": "PP1", "cityId": ALMATY, "cityName": "Алматы", "enabled": True},
    {"id": "1_PP2", "name": "PP2", "cityId": ASTANA, "cityName": "Астана", "enabled": True},
]


@dataclass
class QueueScene:
    """Whom and what a test looks at."""

    user: User
    store: KaspiStore
    waiting: Product
    sends: Product
    """Its log has a send in every state."""


def fall(price: int, target: int, place: int = 3) -> Decision:
    """Make the answer to a rival one step dearer than the target; prices in tiyn."""
    return Decision(
        action=Action.CHANGE,
        reason=Reason.UNDERCUT,
        strategy=Strategy.STANDARD,
        step=1_000,
        target=target,
        window_price=price,
        is_window_seen=True,
        place=place,
        target_place=1,
        offers_count=6,
        rivals_count=5,
        rival=RivalSeen("20000001", "Alser", target + 1_000),
        floor=price * 8 // 10,
        cap=price * 13 // 10,
        min_price=price * 8 // 1000 * 100,
    )


async def build_scene(db: Database, *, queued: int = 40, sent: int = 230) -> QueueScene:
    """Fill the database; `sent` changes of the last half hour, `queued` products that wait."""
    now = datetime.now(UTC)
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау Маркет", points=POINTS)
        busy = await _product(tx, store, now, name="Чайник электрический Scarlett SC-EK27G99")
        for number in range(sent):
            at = now - timedelta(seconds=60 + number * 7)
            seen = at + timedelta(seconds=25 + number % 40)
            await _send(tx, busy, PriceStatus.CONFIRMED, at, confirmed_at=seen)
        waiting = [await _product(tx, store, now) for _ in range(queued)]
        for number, product in enumerate(waiting):
            await _wait(tx, product, now - timedelta(minutes=2), 100 + number)
        for number in range(150):
            at = now - timedelta(seconds=90 + number * 10)
            await _send(tx, waiting[-1], PriceStatus.SUPERSEDED, at, sent_at=None, send_id=None)
        sends = await _every_state(tx, store, now)
    return QueueScene(user, store, waiting[-1], sends)


async def _every_state(tx: WriteTx, store: KaspiStore, now: datetime) -> Product:
    product = await _product(tx, store, now, name="Смартфон Samsung Galaxy A55 5G 8/256 ГБ")
    second = timedelta(seconds=1)
    ago = [now - timedelta(minutes=it) for it in (1, 5, 7, 11, 55, 80, 95)]
    at = ago[0]
    await _send(tx, product, PriceStatus.SENT, at, city_id=ASTANA, confirm_at=at + 90 * second)
    at = ago[1]
    await _send(
        tx,
        product,
        PriceStatus.SENT,
        at,
        unseen_at=at + 240 * second,
        confirm_at=at + 540 * second,
    )
    at = ago[2]
    await _send(tx, product, PriceStatus.CONFIRMED, at, confirmed_at=at + 38 * second, unseen_at=at)
    at = ago[3]
    await _send(
        tx,
        product,
        PriceStatus.CONFIRMED,
        at,
        city_id=ASTANA,
        confirmed_at=at + 41 * second,
        unseen_at=at + 19 * second,
    )
    buds = [
        await _product(tx, store, now, name=f"Наушники беспроводные Xiaomi Buds {number}")
        for number in (5, 6)
    ]
    for lost, at in zip([product, *buds], ago[4:], strict=True):
        await _send(
            tx,
            lost,
            PriceStatus.REFUSED,
            at,
            attempt=2,
            unseen_at=at + 540 * second,
            note="Kaspi принял цену, но не показал её: проверьте товар в кабинете.",
        )
    return product


async def _product(tx: WriteTx, store: KaspiStore, now: datetime, **columns: Any) -> Product:
    later = {"next_check_at": now + timedelta(minutes=10), "last_check_time": now}
    return await add_product(tx, store, **(later | {"position": 2, "offers_count": 6} | columns))


async def _send(
    tx: WriteTx, product: Product, status: PriceStatus, at: datetime, **columns: Any
) -> None:
    price = product.price or 0
    given = {
        "sent_at": at,
        "created_at": at - timedelta(seconds=2),
        "queued_at": at - timedelta(seconds=2),
        "send_id": uuid4(),
        "attempt": 1,
        "old_price": price,
        "new_price": price - 10_000,
        "decision": fall(price, price - 10_000).to_json(),
    }
    await add_decision(tx, product, status, **(given | columns))


async def _wait(tx: WriteTx, product: Product, since: datetime, gap: int) -> None:
    price = product.price or 0
    decision = fall(price, price - gap * 100)
    await add_decision(
        tx,
        product,
        PriceStatus.QUEUED,
        created_at=since,
        queued_at=since,
        worth=standing(worth(decision), since, since),
        old_price=price,
        new_price=decision.target,
        decision=decision.to_json(),
    )
