"""Answers that a person did not see go to them by mail, once, three minutes after the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.db import outbox
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.notifications.schemas import Letter, Mailer
from cube_demper.domain.notifications.service import compose
from cube_demper.domain.support import mail_queries, queries
from cube_demper.domain.support.access import first_name
from cube_demper.domain.support.mail_queries import Unseen
from cube_demper.models.support import SupportChat

TOPIC: Final = "mail.support_answer"
WAITS: Final = timedelta(minutes=3)
_MOST: Final = 20
_LONGEST: Final = 1500


@dataclass(frozen=True, slots=True)
class MailRoom:
    """What sending takes: where chats are, who carries letters, what address links have."""

    db: Database
    mailer: Mailer
    site: str


async def plan(tx: WriteTx, chat: SupportChat, number: int, now: datetime) -> None:
    """Let what was just answered in a locked chat go by mail, unless it is seen before."""
    if chat.mail_at is not None:
        return
    chat.mail_at = now + WAITS
    await outbox.enqueue(tx, TOPIC, f"{chat.id}:{number}", {"chat_id": str(chat.id)}, chat.mail_at)


async def deliver(room: MailRoom, chat_id: UUID) -> None:
    """Send what the person has not seen; nothing when they have. Raises what the mailer raises.

    There is one queued letter of a chat at a time, so nothing is sent twice; only a crash between the
    server's «accepted» and our mark sends it again: SMTP has no way to ask.
    """
    async with room.db.write() as tx:
        chat = await queries.lock_chat(tx, chat_id)
        if chat is None:
            return
        person = await queries.find_person(tx, chat.user_id)
        unseen = await mail_queries.unseen(tx, chat, _MOST)
        if person is None or person.is_blocked or not unseen:
            chat.mail_at = None
            return
        address, number = person.email, unseen[-1].number
    await room.mailer.send(address, _letter(unseen, room.site))
    async with room.db.write() as tx:
        await _mark(tx, chat_id, number)


async def _mark(tx: WriteTx, chat_id: UUID, number: int) -> None:
    chat = await queries.lock_chat(tx, chat_id)
    if chat is None:
        return
    chat.mailed_number, chat.mail_at = number, None
    more = await mail_queries.unseen(tx, chat, 1)
    if more:
        await plan(tx, chat, more[0].number, more[0].sent_at)


def _letter(unseen: Sequence[Unseen], site: str) -> Letter:
    paragraphs = []
    for it in unseen:
        text = it.body if len(it.body) <= _LONGEST else f"{it.body[:_LONGEST]}…"
        what = text or ("Мы прислали вам файл." if it.files == 1 else "Мы прислали вам файлы.")
        paragraphs.append(f"{first_name(it.author)}: {what}")
    return compose(
        "Ответ поддержки Cube Demper",
        "Здравствуйте! Вы писали нам, вот ответ.",
        *paragraphs,
        "Продолжить разговор можно в окне поддержки: там вся переписка.",
        button=("Открыть разговор", f"{site}/help?chat=1"),
    )
