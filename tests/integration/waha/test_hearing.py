"""What buyers write and how far our messages come: signed, once, in any order."""

from __future__ import annotations

import httpx
import orjson
from sqlalchemy import func, select
from waha_scene import BUYER, HMAC_KEY, Stage

from cube_demper.core.ids import new_id
from cube_demper.domain.messaging.hearing.work import TOPIC
from cube_demper.domain.messaging.ports import Accepted, To, make_message_id
from cube_demper.domain.messaging.sessions.schemas import SessionPhase
from cube_demper.models.messages import MessageStatus, WhatsAppMessage
from cube_demper.models.messaging import WhatsAppContact, WhatsAppSession
from cube_demper.models.operations import OutboxMessage
from cube_demper.sandbox.waha.webhooks import sign
from cube_demper.sandbox.waha.world import Ack


async def _messages(stage: Stage) -> list[tuple[str, bool, str]]:
    async with stage.services.db.read() as tx:
        rows = await tx.scalars(select(WhatsAppMessage).order_by(WhatsAppMessage.happened_at))
        return [(stage.services.secrets.decrypt(it.body), it.is_outgoing, it.status) for it in rows]


async def _written(stage: Stage) -> To:
    """Leave a message as the gate does: its row first, then the call."""
    to = To(stage.session.name, f"{BUYER}@c.us", make_message_id())
    box, now = stage.services.secrets, stage.scene.clock.now()
    async with stage.services.db.write() as tx:
        session = (await tx.scalars(select(WhatsAppSession))).one()
        contact = WhatsAppContact(
            id=new_id(), user_id=session.user_id, phone=box.encrypt(f"+{BUYER}"),
            phone_hash=box.fingerprint(f"+{BUYER}"),
        )  # fmt: skip
        tx.add(contact)
        await tx.flush()
        tx.add(
            WhatsAppMessage(
                user_id=session.user_id,
                session_id=session.id,
                contact_id=contact.id,
                is_outgoing=True,
                body=box.encrypt("Заказ собран"),
                short_id=to.message_id,
                status=MessageStatus.SENDING,
                happened_at=now,
            )
        )
    return to


async def test_marks_come_backwards_and_twice_and_never_go_back(stage: Stage) -> None:
    await stage.linked()
    to = await _written(stage)
    hooks, engine = stage.sandbox.waha.hooks, stage.sandbox.waha
    hooks.is_held, hooks.repeats = True, 2
    assert await stage.sender.send_text(to, "Заказ собран") == Accepted(to.message_id)
    for _ in range(3):
        await stage.pass_time(1)
    engine.open_chat(stage.session, BUYER)
    assert stage.session.messages[-1].ack is Ack.READ

    hooks.release(backwards=True)
    await stage.settle()
    assert await _messages(stage) == [("Заказ собран", True, MessageStatus.READ)]

    await stage.repeat_all()
    assert await _messages(stage) == [("Заказ собран", True, MessageStatus.READ)]


async def test_a_buyer_is_heard_once_and_their_stop_is_kept(stage: Stage) -> None:
    await stage.linked()
    stage.sandbox.waha.hooks.repeats = 2
    stage.sandbox.waha.incoming(stage.session, stage.sandbox.waha.buyer(BUYER), "Стоп")
    await stage.settle()
    await stage.repeat_all()

    assert await _messages(stage) == [("Стоп", False, MessageStatus.RECEIVED)]
    async with stage.services.db.read() as tx:
        contact = (await tx.scalars(select(WhatsAppContact))).one()
    assert contact.opted_out_at is not None


async def test_a_reply_typed_on_the_phone_is_the_sellers(stage: Stage) -> None:
    await stage.linked()
    stage.sandbox.waha.from_phone(stage.session, stage.sandbox.waha.buyer(BUYER), "Уже везём")
    await stage.settle()

    assert [it[:2] for it in await _messages(stage)] == [("Уже везём", True)]


async def test_a_hidden_buyer_becomes_one_with_the_known_number(stage: Stage) -> None:
    await stage.linked()
    buyer = stage.sandbox.waha.buyer(BUYER)
    buyer.is_hidden, buyer.knows_number = True, False
    stage.sandbox.waha.incoming(stage.session, buyer, "Кто я?")
    await stage.settle()
    buyer.is_hidden = False
    stage.scene.clock.move(seconds=1)
    stage.sandbox.waha.incoming(stage.session, buyer, "Это я")
    await stage.settle()
    buyer.is_hidden = buyer.knows_number = True
    stage.scene.clock.move(seconds=1)
    stage.sandbox.waha.incoming(stage.session, buyer, "Снова я")
    await stage.settle()

    async with stage.services.db.read() as tx:
        contact = (await tx.scalars(select(WhatsAppContact))).one()
        count = await tx.scalar(
            select(func.count()).where(WhatsAppMessage.contact_id == contact.id)
        )
    assert (contact.lid, count) == (buyer.lid, 3)


async def test_only_what_is_signed_is_queued_and_only_once(stage: Stage) -> None:
    body = orjson.dumps({"id": "evt_1", "event": "message.any", "session": "x", "payload": {}})
    good = {"X-Webhook-Hmac": sign(HMAC_KEY, body)}
    async with httpx.AsyncClient() as http:
        answers = [
            (await http.post(stage.hook_url, content=body, headers=headers)).status_code
            for headers in ({}, {"X-Webhook-Hmac": sign("wrong", body)}, good, good)
        ]
        changed = await http.post(stage.hook_url, content=body + b" ", headers=good)
    async with stage.services.db.read() as tx:
        queued = await tx.scalar(select(func.count()).where(OutboxMessage.topic == TOPIC))

    assert (answers, changed.status_code, queued) == ([401, 401, 200, 200], 401, 1)


async def test_an_old_status_that_comes_late_changes_nothing(stage: Stage) -> None:
    await stage.linked()
    hooks = stage.sandbox.waha.hooks
    first = next(it for it in hooks.delivered if b"SCAN_QR_CODE" in it.body)
    async with stage.services.db.write() as tx:
        await tx.execute(OutboxMessage.__table__.delete())  # the outbox forgets what is long done
    hooks.again(first)
    await stage.settle()

    assert (await stage.number()).phase is SessionPhase.WORKING


async def test_what_buyers_write_is_nowhere_in_clear_text(stage: Stage) -> None:
    await stage.linked()
    stage.sandbox.waha.incoming(stage.session, stage.sandbox.waha.buyer(BUYER), "Секретный адрес")
    await stage.sandbox.waha.hooks.settled()
    async with stage.services.db.read() as tx:
        payloads = (await tx.scalars(select(OutboxMessage.payload))).all()
    assert payloads
    assert "Секретный" not in str(payloads)
