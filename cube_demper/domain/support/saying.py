"""A line in a chat: what somebody said, or what was done to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from cube_demper.core.ids import new_id
from cube_demper.db.session import WriteTx
from cube_demper.domain.support import queries
from cube_demper.domain.support.errors import FileNotKept
from cube_demper.domain.support.schemas import (
    BADGE_EVENT,
    CHANNEL,
    CHAT_EVENT,
    MESSAGE_EVENT,
    Draft,
    MessageKind,
    person_channel,
)
from cube_demper.models.support import SupportChat, SupportMessage

FILES_KEPT_FOR: Final = timedelta(days=365)


class Happened(StrEnum):
    """What an EVENT tells of."""

    TAKEN = "taken"
    GIVEN = "given"
    CLOSED = "closed"
    CLOSED_BY_USER = "closed_by_user"
    REOPENED = "reopened"
    RATED = "rated"


_WORDS: Final = {
    Happened.TAKEN: "Взято в работу: {}",
    Happened.GIVEN: "Назначено: {}",
    Happened.CLOSED: "Закрыто: {}",
    Happened.CLOSED_BY_USER: "Клиент отметил вопрос решённым",
    Happened.REOPENED: "Открыто снова: {}",
    Happened.RATED: "Клиент поставил оценку: {}",
}


async def say(
    tx: WriteTx,
    chat: SupportChat,
    kind: MessageKind,
    draft: Draft,
    now: datetime,
    *,
    by: UUID,
) -> SupportMessage:
    """Add a message with its files to a locked chat. Raises FileNotKept."""
    files = set(draft.files)
    row = SupportMessage(
        chat_id=chat.id, kind=kind, author_id=by, body=draft.text, key=draft.key, sent_at=now
    )
    await queries.add_message(tx, row)
    if files:
        until = now + FILES_KEPT_FOR
        if await queries.attach(tx, row, files, until) != len(files):
            raise FileNotKept("Файл больше не хранится. Приложите его ещё раз.")
    return row


async def happen(
    tx: WriteTx,
    chat: SupportChat,
    what: Happened,
    now: datetime,
    *,
    whom: str = "",
    by: UUID | None = None,
) -> None:
    """Write down for staff what was done to a locked chat."""
    row = SupportMessage(
        chat_id=chat.id,
        kind=MessageKind.EVENT,
        author_id=by,
        body=_WORDS[what].format(whom),
        key=f"e:{new_id()}",
        sent_at=now,
    )
    await queries.add_message(tx, row)


def tell(tx: WriteTx, chat: SupportChat, kind: str = MESSAGE_EVENT, *, person: bool = True) -> None:
    """Wake the open pages of staff, and the person's window unless it is none of their business."""
    tx.emit(CHANNEL, kind, chat.id)
    if person:
        tx.emit(person_channel(chat.user_id), kind, chat.id)


def tell_badge(tx: WriteTx, chat: SupportChat) -> None:
    """Wake the person's pages: how many answers they have not seen is another number now."""
    tx.emit(f"user:{chat.user_id}", BADGE_EVENT, chat.id)


def tell_changed(tx: WriteTx, chat: SupportChat) -> None:
    """Wake pages that show a chat's status; its line about it is a message, too."""
    tell(tx, chat, CHAT_EVENT)
    tell(tx, chat, MESSAGE_EVENT, person=False)
