"""Defects of the product's first version (ORIGINAL.md C8, orders and messages), by what went wrong.

56 (a page of 403 condemned a token) and 57 (one pace for all tokens) are of the client: see
`test_kaspi_orders_client.py` and `test_kaspi_limits_windows.py`.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from broadcast_scene import add_buyers, begin, phone_of, phones, send_all, start
from messaging_scene import NOON, Talk
from orders_made import seen, write
from records import seller
from sqlalchemy import func, select

from cube_demper.core.money import format_tenge
from cube_demper.db import outbox
from cube_demper.domain.messaging import contacts, queue
from cube_demper.domain.messaging.broadcasts.errors import NotDraft
from cube_demper.domain.messaging.gate_schemas import TriggerEvent
from cube_demper.domain.messaging.hearing.schemas import MessageHeard
from cube_demper.domain.messaging.ports import RefusalReason, RefusedSend
from cube_demper.domain.messaging.switches import Switch, set_event
from cube_demper.domain.orders.statuses import PAIRS, Meaning
from cube_demper.integrations.kaspi import cabinet_orders, order_rows
from cube_demper.integrations.waha.events import heard_of
from cube_demper.models.messages import QueueStatus, ScheduledMessage
from cube_demper.models.operations import Notification, OutboxMessage
from cube_demper.models.orders import Order, OrderItem, OrderSource, OrderStatusHistory
from cube_demper.models.stores import KaspiStore

ENTRY = {
    "type": "orderentries",
    "id": "MSMjMA",
    "attributes": {"quantity": 1, "totalPrice": 5990.0, "offer": {"code": "S_1", "name": "Крышка"}},
}
ORDER = {
    "type": "orders",
    "id": "NDk2MTQ5MDIy",
    "attributes": {
        "code": "496149022",
        "creationDate": 1_745_691_162_415,
        "totalPrice": 5990.0,
        "state": "ARCHIVE",
        "status": "CANCELLED",
        "entries": [{"offer": {"code": "WRONG"}}],
    },
    "relationships": {"entries": {"data": [{"type": "orderentries", "id": ENTRY["id"]}]}},
}


async def _count(talk: Talk, model: type) -> int:
    async with talk.db.read() as tx:
        return int(await tx.scalar(select(func.count()).select_from(model)) or 0)


def test_46_only_the_first_hundred_orders_were_read() -> None:
    meta = {"pageCount": 3, "totalCount": 250, "totalPages": 1}
    pages = [order_rows.orders_page({"data": [ORDER], "meta": meta}, n) for n in range(3)]
    assert [page.is_last for page in pages] == [False, False, True]


def test_47_items_were_read_from_where_they_never_are() -> None:
    answer = {"data": [ORDER], "included": [ENTRY], "meta": {"pageCount": 1}}
    (order,) = order_rows.orders_page(answer, 0).orders
    assert order.items is not None
    assert [item.sku for item in order.items] == ["S_1"]


def test_48_sums_were_a_hundred_times_too_large_in_one_of_two_ways() -> None:
    (by_token,) = order_rows.orders_page({"data": [ORDER]}, 0).orders
    cabinet = {"code": "496149022", "status": "CANCELLED", "totalPrice": 5990.0}
    cabinet |= {"creationTime": "2026-11-20T10:00:00.000Z"}
    orders = {"total": 1, "orders": [cabinet]}
    answer = {"data": {"merchant": {"orders": {"orders": orders}}}}
    (by_session,) = cabinet_orders.orders_page(answer, "ARCHIVED", 0).orders
    assert by_token.total_price == by_session.total_price == 599_000
    assert format_tenge(by_token.total_price) == "5\u00a0990\u00a0₸"
    assert by_token.ordered_at.timestamp() == 1_745_691_162.415


def test_48_reading_is_off_until_it_is_switched_on() -> None:
    assert KaspiStore(name="Лавка", merchant_id="1").orders_polling_enabled is False


async def test_49_a_failure_in_between_lost_what_follows_for_ever(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_given: object, **_more: object) -> None:
        raise RuntimeError("the power is off")

    order, secrets = seen("1", "NEW", "APPROVED_BY_BANK", NOON), talk.services.secrets
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "enqueue", fail)
        with pytest.raises(RuntimeError):
            await write(talk.db, talk.store, [order], NOON, secrets=secrets)
    counts = [
        await _count(talk, it) for it in (Order, OrderItem, OrderStatusHistory, OutboxMessage)
    ]
    assert counts == [0, 0, 0, 0]
    await talk.order("1")
    assert await talk.work(minutes=2)
    assert (await talk.read("1")).wa_approved_sent_at is not None
    assert await _count(talk, OrderStatusHistory) == 1


async def test_50_the_first_reading_wrote_to_every_buyer_of_the_past(talk: Talk) -> None:
    past = [
        seen(str(number), "NEW", "APPROVED_BY_BANK", NOON - timedelta(days=number))
        for number in range(1, 15)
    ]
    secrets = talk.services.secrets
    await write(
        talk.db, talk.store, past, NOON, secrets=secrets, started_at=NOON, is_importing=True
    )
    await talk.follow()
    assert await talk.work(minutes=2) == []
    assert (await _count(talk, ScheduledMessage), await _count(talk, Notification)) == (0, 0)


async def test_51_a_failed_message_counted_as_sent_and_two_processes_sent_two(talk: Talk) -> None:
    talk.whatsapp.outcomes.append(RefusedSend(RefusalReason.UNREACHABLE))
    await talk.order()
    await talk.work(minutes=2)
    talk.clock.move(minutes=30)
    await asyncio.gather(*(talk.worker().run_bounded() for _ in range(4)))
    await talk.work(hours=1)
    assert [row.status for row in await talk.queue()] == [QueueStatus.SENT]
    assert len({to.message_id for to, _ in talk.whatsapp.sent}) == len(talk.whatsapp.sent) == 2


def test_52_whatever_was_in_the_archive_counted_as_completed() -> None:
    meanings = {
        status: meaning
        for (source, state, status), meaning in PAIRS.items()
        if (source, state) == (OrderSource.API, "ARCHIVE")
    }
    assert meanings["CANCELLED"] is Meaning.CANCELLED
    assert meanings["RETURNED"] is Meaning.RETURNED
    assert [it for it, meaning in meanings.items() if meaning is Meaning.COMPLETED] == ["COMPLETED"]


async def test_53_a_delayed_request_was_never_read_or_came_again_and_again(talk: Talk) -> None:
    await talk.order()
    await talk.see("790686780", "ARCHIVE", "COMPLETED")
    for _ in range(3):
        await talk.follow()
    await talk.work(minutes=5)
    talk.clock.move(days=1, hours=1)
    said = [*await talk.work(minutes=5), *await talk.work(minutes=5)]
    reviews = [
        row for row in await talk.queue() if row.trigger_event == TriggerEvent.REVIEW_REQUEST
    ]
    assert [row.status for row in reviews] == [QueueStatus.SENT]
    assert len(said) == 1


async def test_54_limits_and_wishes_were_stored_and_never_kept(talk: Talk) -> None:
    await talk.set_session(daily_limit=1)
    await talk.order("1")
    await talk.order("2")
    assert len([*await talk.work(minutes=5), *await talk.work(minutes=5)]) == 1
    async with talk.db.write() as tx:
        off = Switch(is_on=False, delay=timedelta())
        await set_event(tx, seller(talk.user), talk.store.id, TriggerEvent.ORDER_APPROVED, off)
    talk.clock.move(hours=22)
    assert await talk.work(minutes=5) == []
    assert {row.reason for row in await talk.queue() if row.status == QueueStatus.DROPPED} == {
        "switched_off"
    }


async def test_54_silence_was_not_a_wish(talk: Talk) -> None:
    await talk.order("1")
    (row,) = await talk.queue()
    async with talk.db.write() as tx:
        await contacts.hear(tx, row.contact_id, "СТОП", talk.clock.now())
    assert await talk.work(minutes=5) == []


async def test_54_a_broadcast_begun_again_wrote_to_the_same_people_twice(talk: Talk) -> None:
    await add_buyers(talk, 5)
    broadcast = await begin(talk, 5)
    await talk.work()  # the process ends here; in the first version that was the end of it
    with pytest.raises(NotDraft):
        await start(talk, broadcast, 5)
    await send_all(talk)
    assert sorted(phones(talk)) == [phone_of(number) for number in range(1, 6)]


def _incoming(**payload: object) -> dict[str, object]:
    told = {"from": "77010000001@c.us", "fromMe": False, "id": "false_77010000001@c.us_A1"}
    return {
        "event": "message",
        "session": "shop",
        "timestamp": 1_795_000_000_000,
        "payload": told | {"timestamp": 1_795_000_000} | payload,
    }


def test_55_the_text_was_looked_for_where_it_never_is_and_groups_were_answered() -> None:
    heard = heard_of(_incoming(body="Где мой заказ?", message={"body": "нет"}))
    assert isinstance(heard, MessageHeard)
    assert heard.text == "Где мой заказ?"
    group = {"from": "1203630@g.us", "participant": "77010000001@c.us"}
    assert heard_of(_incoming(body="Всем привет", **group)) is None
    assert heard_of(_incoming(body="Новость", **{"from": "status@broadcast"})) is None


async def test_55_nothing_answers_by_itself(talk: Talk) -> None:
    await talk.order()
    await talk.work(minutes=2)
    (row,) = await talk.queue()
    async with talk.db.write() as tx:
        await contacts.hear(tx, row.contact_id, "Здравствуйте, где заказ?", talk.clock.now())
    assert await talk.work(hours=1) == []
    async with talk.db.read() as tx:
        seen_ = await queue.overview(
            tx, seller(talk.user), talk.clock.now(), secrets=talk.services.secrets
        )
    assert [number.waiting for number in seen_.numbers] == [0]
