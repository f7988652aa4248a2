"""A day of the bots in numbers and words, only of one's own stores."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from records import NOON, add_decision, add_product, add_store, add_user, seller

from cube_demper.db.session import Database
from cube_demper.domain.pricing.schemas import Action, Decision, Reason, RivalSeen, Strategy
from cube_demper.domain.stores import service
from cube_demper.models.pricing import PriceStatus

_DECISION = Decision(
    action=Action.CHANGE,
    reason=Reason.UNDERCUT,
    strategy=Strategy.STANDARD,
    step=100,
    target=1_498_900,
    window_price=1_600_000,
    rival=RivalSeen("1", "Alser", 1_499_000),
)


async def test_day_counts_changes_once_per_sku_and_what_waits(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        product = await add_product(tx, store, last_reason=Reason.SUSPICIOUS_FALL)
        await add_product(tx, store, last_reason=Reason.BELOW_FLOOR_HOLD)
        await add_product(tx, store, last_reason=Reason.BELOW_FLOOR_HOLD, bot_active=False)
        await add_product(tx, store, bot_active=False, min_price=None)
        await add_product(tx, store, min_price=None, max_price=2_000_000)
        send = uuid4()
        for city in ("750000000", "710000000"):
            await add_decision(
                tx,
                product,
                PriceStatus.CONFIRMED,
                send_id=send,
                city_id=city,
                sent_at=NOON - timedelta(hours=1),
            )
        yesterday = NOON - timedelta(hours=30)
        await add_decision(tx, product, PriceStatus.SUPERSEDED, send_id=uuid4(), sent_at=yesterday)
        await add_decision(tx, product, PriceStatus.REFUSED, send_id=uuid4(), sent_at=yesterday)
        await add_decision(tx, product, PriceStatus.SUGGESTED)
        foreign = await add_product(tx, await add_store(tx, await add_user(tx)))
        await add_decision(tx, foreign, PriceStatus.CONFIRMED, send_id=uuid4(), sent_at=NOON)
    async with db.read() as tx:
        day = await service.day_of_bots(tx, seller(user), NOON)
        nothing = await service.day_of_bots(tx, seller(user), NOON, uuid4())
    assert day.changes == 1
    assert (day.suggested, day.suspicious, day.rival_below_floor) == (1, 1, 1)
    assert (day.without_floor, nothing.without_floor) == (1, 0)
    assert nothing.changes == nothing.suggested == nothing.suspicious == 0


async def test_latest_changes_are_only_what_left_for_kaspi_with_the_reason_in_words(
    db: Database,
) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        points = [{"id": "1_PP2", "cityId": "710000000", "cityName": "Астана", "enabled": True}]
        store = await add_store(tx, user, name="Тау Маркет", points=points)
        product = await add_product(tx, store, name="Чайник")
        sent = {"decision": _DECISION.to_json(), "sent_at": NOON, "city_id": "710000000"}
        await add_decision(tx, product, PriceStatus.SENT, **sent)
        old = {"old": "release"}
        await add_decision(tx, product, PriceStatus.CONFIRMED, decision=old, sent_at=NOON)
        await add_decision(tx, product, PriceStatus.REFUSED, sent_at=NOON)
        await add_decision(tx, product, PriceStatus.SUPERSEDED)
        await add_decision(tx, product, PriceStatus.HELD)
        foreign = await add_product(tx, await add_store(tx, await add_user(tx)))
        await add_decision(tx, foreign, PriceStatus.SENT)
    async with db.read() as tx:
        latest = await service.latest_changes(tx, seller(user))
    assert [it.product_name for it in latest] == ["Чайник", "Чайник"]
    assert {(it.store_name, it.city) for it in latest} == {
        ("Тау Маркет", ""),
        ("Тау Маркет", "Астана"),
    }
    words = {it.status: it.words for it in latest}
    assert "Alser" in words["sent"]
    assert words["confirmed"] == ""
