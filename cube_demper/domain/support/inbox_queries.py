"""SQL of staff's inbox: the list of chats, its counts, the search in what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from cube_demper.core.ids import find_id
from cube_demper.db.columns import left_out
from cube_demper.db.session import ReadTx
from cube_demper.domain.support.schemas import InboxQuery, Whose
from cube_demper.models.accounts import User
from cube_demper.models.support import (
    ChatStatus,
    MessageKind,
    SupportChat,
    SupportChatLabel,
    SupportFile,
    SupportMessage,
    SupportRound,
)

_Assignee = aliased(User, name="assignee")
_IS_LIVE = col(SupportChat.status) != ChatStatus.CLOSED


@dataclass(frozen=True, slots=True)
class Listed:
    """A chat of the list with all that its line shows."""

    chat: SupportChat
    round: SupportRound
    full_name: str
    email: str
    assignee_name: str | None
    assignee_email: str | None
    text: str | None
    kind: str | None
    has_files: bool


async def list_chats(tx: ReadTx, asked: InboxQuery, user_id: UUID, now: datetime) -> list[Listed]:
    """Return chats, one more than asked for where there is more."""
    query = _chats().where(*_conditions(asked, user_id, now)).limit(asked.limit + 1)
    if asked.is_urgent:
        is_silent = col(SupportRound.answered_at).is_(None)
        due = case(
            (is_silent, col(SupportRound.answer_due_at)), else_=col(SupportRound.resolve_due_at)
        )
        query = query.order_by(due, col(SupportRound.priority).desc(), col(SupportChat.id))
    else:
        if asked.after is not None:
            place = tuple_(col(SupportChat.talked_at), col(SupportChat.id))
            query = query.where(place < asked.after)
        query = query.order_by(col(SupportChat.talked_at).desc(), col(SupportChat.id).desc())
    return [Listed(*row) for row in (await tx.execute(query)).tuples()]


async def find_chat(tx: ReadTx, chat_id: UUID) -> Listed | None:
    """Return one chat as the list shows it."""
    row = (await tx.execute(_chats().where(col(SupportChat.id) == chat_id))).tuples().one_or_none()
    return Listed(*row) if row else None


async def count_live(tx: ReadTx, user_id: UUID, now: datetime) -> Sequence[Any]:
    """Count chats that are not closed: status, all, the actor's, nobody's, unread, late."""
    rows = await tx.execute(
        select(
            col(SupportChat.status),
            func.count(),
            func.count().filter(col(SupportChat.assigned_to) == user_id),
            func.count().filter(col(SupportChat.assigned_to).is_(None)),
            func.count().filter(col(SupportChat.staff_unread) > 0),
            func.count().filter(_is_late(now)),
        )
        .join(SupportRound, _is_present())
        .where(_IS_LIVE)
        .group_by(col(SupportChat.status))
    )
    return rows.all()


async def search(
    tx: ReadTx, words: str, before: int | None, limit: int
) -> Sequence[tuple[SupportMessage, str, str, str]]:
    """Return messages that have all the words, the newest first, with a piece of each."""
    asked = func.websearch_to_tsquery("russian", words)
    number = col(SupportMessage.number)
    found = (
        select(number.label("number"))
        .where(
            col(SupportMessage.words).bool_op("@@")(asked),
            col(SupportMessage.kind) != MessageKind.EVENT,
            *([number < before] if before is not None else []),
        )
        .order_by(number.desc())
        .limit(limit)
        .subquery()
    )
    options = 'MaxFragments=1,MaxWords=24,MinWords=8,StartSel="",StopSel=""'
    query = (
        select(
            SupportMessage,
            col(User.full_name),
            col(User.email),
            func.ts_headline("russian", col(SupportMessage.body), asked, options),
        )
        .join(found, found.c.number == number)
        .join(SupportChat, col(SupportChat.id) == col(SupportMessage.chat_id))
        .join(User, col(User.id) == col(SupportChat.user_id))
        .order_by(number.desc())
        .options(left_out(col(SupportMessage.words)))
    )
    return (await tx.execute(query)).tuples().all()


def _chats() -> Select[Any]:
    newest = (
        select(
            col(SupportMessage.id).label("id"),
            func.left(col(SupportMessage.body), 200).label("body"),
            col(SupportMessage.kind).label("kind"),
        )
        .where(
            col(SupportMessage.chat_id) == col(SupportChat.id),
            col(SupportMessage.kind).in_((MessageKind.USER, MessageKind.STAFF)),
        )
        .order_by(col(SupportMessage.number).desc())
        .limit(1)
        .lateral("newest")
    )
    files = select(1).where(col(SupportFile.message_id) == newest.c.id).correlate(newest).exists()
    return (
        select(
            SupportChat,
            SupportRound,
            col(User.full_name),
            col(User.email),
            col(_Assignee.full_name),
            col(_Assignee.email),
            newest.c.body,
            newest.c.kind,
            files,
        )
        .join(SupportRound, _is_present())
        .join(User, col(User.id) == col(SupportChat.user_id))
        .outerjoin(_Assignee, col(_Assignee.id) == col(SupportChat.assigned_to))
        .outerjoin(newest, true())
    )


def _conditions(asked: InboxQuery, user_id: UUID, now: datetime) -> list[ColumnElement[bool]]:
    found = _whose(asked, user_id)
    if asked.statuses:
        found.append(col(SupportChat.status).in_(asked.statuses))
    if asked.is_urgent or asked.is_late:
        found.append(_IS_LIVE)
    if asked.is_late:
        found.append(_is_late(now))
    if asked.priority is not None:
        found.append(col(SupportRound.priority) == asked.priority)
    if asked.is_unread:
        found.append(col(SupportChat.staff_unread) > 0)
    if asked.label_id is not None:
        labelled = select(1).where(
            col(SupportChatLabel.chat_id) == col(SupportChat.id),
            col(SupportChatLabel.label_id) == asked.label_id,
        )
        found.append(labelled.exists())
    if words := asked.search.strip():
        found.append(_is_person(words))
    return found


def _whose(asked: InboxQuery, user_id: UUID) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.whose is Whose.MINE:
        found.append(col(SupportChat.assigned_to) == user_id)
    if asked.whose is Whose.NOBODY:
        found.append(col(SupportChat.assigned_to).is_(None))
    if asked.assignee_id is not None:
        found.append(col(SupportChat.assigned_to) == asked.assignee_id)
    return found


def _is_person(words: str) -> ColumnElement[bool]:
    if (key := find_id(words)) is not None:
        return or_(
            col(SupportChat.user_id) == key,
            col(SupportChat.owner_id) == key,
            col(SupportChat.id) == key,
        )
    options = [
        func.lower(col(User.email)).startswith(words.lower(), autoescape=True),
        col(User.full_name).icontains(words, autoescape=True),
    ]
    if len(words) >= 4:
        options.append(cast(col(User.id), String).startswith(words.lower(), autoescape=True))
    return or_(*options)


def _is_present() -> ColumnElement[bool]:
    return and_(
        col(SupportRound.chat_id) == col(SupportChat.id),
        col(SupportRound.number) == col(SupportChat.rounds),
    )


def _is_late(now: datetime) -> ColumnElement[bool]:
    answered = func.coalesce(col(SupportRound.answered_at), now)
    return or_(answered > col(SupportRound.answer_due_at), col(SupportRound.resolve_due_at) < now)
