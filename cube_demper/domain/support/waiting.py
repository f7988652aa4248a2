"""A letter to support's own mailbox when somebody waits and nobody is at their desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.db import outbox
from cube_demper.db.session import WriteTx
from cube_demper.domain.notifications.schemas import Letter
from cube_demper.domain.notifications.service import compose
from cube_demper.domain.support import desk_queries, mail_queries, queries
from cube_demper.domain.support.access import name_of
from cube_demper.domain.support.mailing import WAITS, MailRoom
from cube_demper.domain.support.sharing import ONLINE_FOR
from cube_demper.models.support import SupportChat

TOPIC: Final = "mail.support_waits"
_AGAIN: Final = timedelta(minutes=15)
"""Who was there may leave without an answer: it is looked at again while the chat waits."""
_MOST, _LONGEST = 5, 1000


async def watch(tx: WriteTx, chat: SupportChat, number: int, now: datetime) -> None:
    """Look in three minutes whether a locked chat, which waits from message `number` on, was seen to."""
    await _plan(tx, chat.id, number, now + WAITS)


async def deliver(
    room: MailRoom, chat_id: UUID, number: int, *, mailbox: str, desk: str, now: datetime
) -> None:
    """Write to `mailbox` that a chat waits, once for each waiting; nothing while somebody is there.

    `desk`: the address of support's app. Raises what the mailer raises.
    """
    async with room.db.write() as tx:
        chat = await queries.lock_chat(tx, chat_id)
        if chat is None or chat.waiting_since is None:
            return
        asked = await mail_queries.asked_since(tx, chat, _MOST)
        if not asked or asked[0].number != number:
            return  # that waiting is over; another one has a watch of its own
        if await desk_queries.is_anybody_there(tx, now - ONLINE_FOR):
            await _plan(tx, chat_id, number, now + _AGAIN)
            return
        person = await queries.find_person(tx, chat.user_id)
        who = name_of(person.full_name, person.email) if person else ""
    await room.mailer.send(
        mailbox, _letter(who, [it.body for it in asked], f"{desk}/chats/{chat_id}")
    )


async def _plan(tx: WriteTx, chat_id: UUID, number: int, at: datetime) -> None:
    payload = {"chat_id": str(chat_id), "number": number}
    await outbox.enqueue(tx, TOPIC, f"{chat_id}:{number}:{at:%s}", payload, at)


def _letter(who: str, texts: list[str], link: str) -> Letter:
    said = [it if len(it) <= _LONGEST else f"{it[:_LONGEST]}…" for it in texts]
    return compose(
        f"Ждёт ответа: {who}",
        f"{who} пишет в поддержку, а на линии никого нет.",
        *(it or "Прислан файл." for it in said),
        button=("Ответить", link),
    )
