"""Sends against the sandbox's WAHA: accepted, surely refused, or unknown."""

from __future__ import annotations

import pytest
from waha_scene import BUYER, PHONE, Stage

from cube_demper.domain.messaging.ports import (
    Accepted,
    Attachment,
    NotOnWhatsApp,
    OnWhatsApp,
    Place,
    RefusalReason,
    RefusedSend,
    To,
    UncheckedNumber,
    UnknownSend,
    make_message_id,
)


def _to(stage: Stage, chat: str = f"{BUYER}@c.us") -> To:
    return To(stage.session.name, chat, make_message_id())


async def test_every_kind_arrives_under_the_id_that_was_made_before(stage: Stage) -> None:
    await stage.linked()
    sender, picture = stage.sender, Attachment("a.jpg", "image/jpeg", b"jpeg")
    paper = Attachment("накладная.pdf", "application/pdf", b"pdf")
    sends = [_to(stage) for _ in range(4)]
    outcomes = [
        await sender.send_text(sends[0], "Здравствуйте"),
        await sender.send_image(sends[1], picture, "Фото"),
        await sender.send_file(sends[2], paper),
        await sender.send_location(sends[3], Place(43.24, 76.89, "Пункт выдачи")),
    ]

    assert outcomes == [Accepted(to.message_id) for to in sends]
    kinds = [message.kind for message in stage.session.messages]
    assert kinds == ["text", "image", "file", "location"]
    assert await sender.start_typing(stage.session.name, f"{BUYER}@c.us")
    assert await sender.mark_seen(stage.session.name, f"{BUYER}@c.us")


@pytest.mark.parametrize(
    ("fault", "more", "outcome"),
    [
        ("reset_after", {}, UnknownSend),
        ("html", {}, UnknownSend),
        ("status", {"status": 500}, UnknownSend),
        ("status", {"status": 400}, RefusedSend),
        ("status", {"status": 401}, RefusedSend),
    ],
)
async def test_a_lost_answer_is_unknown_and_a_refusal_is_none(
    stage: Stage, fault: str, more: dict[str, int], outcome: type
) -> None:
    await stage.linked()
    to = _to(stage)
    stage.sandbox.fault(fault, "waha_send", count=1, **more)

    assert isinstance(await stage.sender.send_text(to, "Заказ"), outcome)
    has_left = fault == "reset_after"
    assert await stage.sender.find_message(to) is has_left
    assert len(stage.session.messages) == int(has_left)


async def test_what_whatsapp_forbids_is_told_apart(stage: Stage) -> None:
    await stage.linked()
    phone = stage.sandbox.waha.phones[PHONE]
    phone.locked_until = stage.sandbox.waha.now() + 60
    locked = await stage.sender.send_text(_to(stage), "Заказ")
    quota = await stage.sender.new_chat_quota(stage.session.name)
    stage.sandbox.waha.unlink(stage.session)
    away = await stage.sender.send_text(_to(stage), "Заказ")
    stage.sandbox.waha.go_down(60)
    down = await stage.sender.check_number(stage.session.name, BUYER)

    assert isinstance(locked, RefusedSend)
    assert locked.reason is RefusalReason.TIME_LOCKED
    assert quota is not None
    assert not quota.allows_new_chats
    assert isinstance(away, RefusedSend)
    assert away.reason is RefusalReason.NOT_READY
    assert isinstance(down, UncheckedNumber)


async def test_numbers_are_checked_and_a_lid_is_where_to_write(stage: Stage) -> None:
    await stage.linked()
    name, buyer = stage.session.name, stage.sandbox.waha.buyer(BUYER)
    assert await stage.sender.check_number(name, BUYER) == OnWhatsApp(f"{BUYER}@c.us")
    assert await stage.sender.check_number(name, "77050000000") == NotOnWhatsApp()
    buyer.is_hidden = True
    assert await stage.sender.check_number(name, BUYER) == OnWhatsApp(buyer.lid)
    to = _to(stage, buyer.lid)
    assert await stage.sender.send_text(to, "Заказ") == Accepted(to.message_id)
