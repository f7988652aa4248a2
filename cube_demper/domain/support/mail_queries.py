"""SQL of what goes by mail: answers to people, and that somebody waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.models.accounts import User
from cube_demper.models.support import MessageKind, SupportChat, SupportFile, SupportMessage


@dataclass(frozen=True, slots=True)
class Unseen:
    """An answer that was not seen."""

    number: int
    body: str
    sent_at: datetime
    author: str | None
    files: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person said who waits."""

    number: int
    body: str


async def unseen(tx: ReadTx, chat: SupportChat, limit: int) -> list[Unseen]:
    """Return the last answers of a chat that were not seen and that no letter has carried, in order."""
    files = (
        select(func.count())
        .where(col(SupportFile.message_id) == col(SupportMessage.id))
        .correlate(SupportMessage)
        .scalar_subquery()
    )
    query = (
        select(
            col(SupportMessage.number),
            col(SupportMessage.body),
            col(SupportMessage.sent_at),
            col(User.full_name),
            files,
        )
        .outerjoin(User, col(User.id) == col(SupportMessage.author_id))
        .where(
            col(SupportMessage.chat_id) == chat.id,
            col(SupportMessage.kind) == MessageKind.STAFF,
            col(SupportMessage.number) > chat.mailed_number,
        )
        .order_by(col(SupportMessage.number).desc())
        .limit(min(chat.user_unread, limit))
    )
    return [Unseen(*row) for row in (await tx.execute(query)).tuples()][::-1]


async def asked_since(tx: ReadTx, chat: SupportChat, limit: int) -> list[Asked]:
    """Return the first of what a person has said since they wait, in order."""
    query = (
        select(col(SupportMessage.number), col(SupportMessage.body))
        .where(
            col(SupportMessage.chat_id) == chat.id,
            col(SupportMessage.kind) == MessageKind.USER,
            col(SupportMessage.sent_at) >= chat.waiting_since,
        )
        .order_by(col(SupportMessage.number))
        .limit(limit)
    )
    return [Asked(*row) for row in (await tx.execute(query)).tuples()]
