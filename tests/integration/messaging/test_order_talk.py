"""The messages of one order in its panel: what was sent, what waits, why not."""

from __future__ import annotations

from messaging_scene import Talk
from records import add_user, seller
from sqlalchemy import update

from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.messaging import order_talk, queue
from cube_demper.domain.messaging.order_talk import OrderTalk, Silence
from cube_demper.domain.orders.seen_schemas import Buyer
from cube_demper.models.messages import MessageStatus, QueueStatus, WhatsAppMessage
from cube_demper.models.messaging import WhatsAppSettings, WhatsAppStore
from cube_demper.models.orders import Order
from cube_demper.seller.pages.orders.around_rows import AroundView, around_view


async def _talk_of(talk: Talk, order: Order, actor: Actor | None = None) -> OrderTalk:
    async with talk.db.read() as tx:
        who = actor or seller(talk.user)
        return await order_talk.talk_of(tx, who, order, secrets=talk.services.secrets)


async def _view(talk: Talk, order: Order) -> AroundView:
    actor, now = seller(talk.user), talk.clock.now()
    found = await _talk_of(talk, order)
    async with talk.db.read() as tx:
        numbers = await queue.overview(tx, actor, now, secrets=talk.services.secrets)
    return around_view(None, None, found, numbers, now)


async def test_a_sent_message_says_how_far_it_got(talk: Talk) -> None:
    order = await talk.order()
    await talk.work(minutes=2)
    (sent,) = (await _talk_of(talk, order)).rows
    assert (sent.status, sent.heard) == (QueueStatus.SENT, MessageStatus.SENT)
    async with talk.db.write() as tx:
        await tx.execute(update(WhatsAppMessage).values(status=MessageStatus.READ))
    view = await _view(talk, order)
    assert [(row.title, row.note) for row in view.talk] == [("Заказ оплачен", "Прочитано")]
    assert view.talk_note == ""
    assert view.write == "Открыть переписку"


async def test_what_waits_says_what_it_waits_for(talk: Talk) -> None:
    talk.clock.move(hours=11)  # 23:00
    order = await talk.order()
    await talk.work(minutes=2)
    (row,) = (await _view(talk, order)).talk
    assert (row.code, row.note) == ("wait", "Ждёт отправки. Тихие часы: ночью никому не пишем")


async def test_a_cancelled_orders_message_says_why_it_was_dropped(talk: Talk) -> None:
    talk.clock.move(hours=11)  # 23:00
    order = await talk.order()
    await talk.see("790686780", "ARCHIVE", "CANCELLED")
    talk.clock.move(hours=12)
    await talk.work(minutes=2)
    (row,) = (await _view(talk, order)).talk
    assert row.note == "Не отправлено. Заказ отменён или возвращён"


async def test_a_hidden_phone_is_said(talk: Talk) -> None:
    order = await talk.order(buyer=Buyer("Серик О.", None))
    found = await _talk_of(talk, order)
    assert (found.rows, found.silence) == ([], Silence.NO_PHONE)
    view = await _view(talk, order)
    assert "скрывает телефон" in view.talk_note
    assert view.write == ""


async def test_a_store_that_does_not_write_and_a_seller_who_never_agreed(talk: Talk) -> None:
    async with talk.db.write() as tx:
        await tx.execute(update(WhatsAppStore).values(is_enabled=False))
    order = await talk.order()
    assert (await _talk_of(talk, order)).silence is Silence.STORE_OFF
    async with talk.db.write() as tx:
        await tx.execute(update(WhatsAppSettings).values(consented_at=None))
    assert (await _talk_of(talk, order)).silence is Silence.NOT_AGREED
    assert (await _view(talk, order)).talk_link


async def test_messages_are_their_owners_alone(talk: Talk) -> None:
    order = await talk.order()
    async with talk.db.write() as tx:
        stranger = await add_user(tx)
    assert (await _talk_of(talk, order, seller(stranger))).rows == []
    assert len((await _talk_of(talk, order)).rows) == 1
