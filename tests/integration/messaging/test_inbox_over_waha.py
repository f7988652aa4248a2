"""Answers by hand over the sandbox's WAHA: what its phone shows, and what a kill leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from inbox_scene import BUYER, PNG, Inbox
from messaging_scene import Talk, link_to_sandbox

from cube_demper.domain.messaging.inbox.places import read_place
from cube_demper.domain.messaging.ports import SendOutcome, To
from cube_demper.integrations.waha.sender import WahaSender
from cube_demper.models.messages import QueueStatus, WhatsAppMessage
from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.waha.world import Session


@pytest.fixture
async def sandbox(talk: Talk) -> AsyncIterator[Sandbox]:
    async with Sandbox.start(clock=talk.clock) as running:
        yield running


@pytest.fixture
async def phone(talk: Talk, sandbox: Sandbox) -> Session:
    return await link_to_sandbox(talk, sandbox)


@pytest.fixture
def inbox(talk: Talk) -> Inbox:
    return Inbox(talk)


async def _work(inbox: Inbox, **later: float) -> None:
    inbox.talk.clock.move(**later)
    await inbox.talk.worker().run_bounded()


async def test_the_phone_shows_words_a_picture_a_document_and_a_place(
    inbox: Inbox, sandbox: Sandbox, phone: Session
) -> None:
    await inbox.hears("Здравствуйте")
    await inbox.answers("Добрый день")
    await inbox.answers("Цвет", file_id=await inbox.adds("a.png", PNG))
    await inbox.answers("", file_id=await inbox.adds("Чек.pdf", b"%PDF-1.7 x"))
    await inbox.answers("", enclosure=read_place("43.238949, 76.889709", "Пункт выдачи"))
    for _ in range(4):
        await _work(inbox, minutes=2)
    shown = [(it.kind, it.text, it.filename, it.chat) for it in phone.messages]
    assert shown == [
        ("text", "Добрый день", "", BUYER),
        ("image", "Цвет", "a.png", BUYER),
        ("file", "", "Чек.pdf", BUYER),
        ("location", "Пункт выдачи", "", BUYER),
    ]
    assert sandbox.waha.files[phone.messages[1].id] == PNG
    assert (phone.messages[3].latitude, phone.messages[3].longitude) == (43.238949, 76.889709)
    assert [it.id for it in phone.messages] == [it.short_id for it in await _outgoing(inbox)]


class _DiesAfter(WahaSender):
    """A worker that is killed when its picture has left and its answer has not come."""

    async def send_image(self, to: To, *given: object, **more: object) -> SendOutcome:
        await super().send_image(to, *given, **more)  # type: ignore[arg-type]
        raise OSError("killed")  # nothing is given back: the lease stays


async def test_a_kill_after_a_picture_left_sends_it_once_and_finds_it(
    inbox: Inbox, phone: Session
) -> None:
    await inbox.hears("Здравствуйте")
    await inbox.answers("Цвет", file_id=await inbox.adds("a.png", PNG))
    whole = inbox.talk.whatsapp
    inbox.talk.whatsapp = _DiesAfter(whole._gateway)  # type: ignore[attr-defined,assignment]
    await inbox.talk.worker().run_bounded()
    assert [row.status for row in await inbox.talk.queue()] == [QueueStatus.SENDING]
    inbox.talk.whatsapp = whole
    for _ in range(4):
        await _work(inbox, minutes=3)
    assert [it.kind for it in phone.messages] == ["image"]
    assert [row.status for row in await inbox.talk.queue()] == [QueueStatus.SENT]
    assert (await inbox.thread()).said[-1].status == "sent"


async def _outgoing(inbox: Inbox) -> list[WhatsAppMessage]:
    rows = [row for row in await inbox.talk.messages() if row.is_outgoing]
    return sorted(rows, key=lambda row: row.happened_at)
