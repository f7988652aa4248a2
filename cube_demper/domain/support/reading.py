"""What is read of chats: staff read all of them, a person their own without notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.partners.masking import masked_mail
from cube_demper.domain.support import (
    desk_queries,
    file_queries,
    inbox_queries,
    label_queries,
    queries,
    sharing,
    sla,
)
from cube_demper.domain.support.access import first_name, name_of, require_staff
from cube_demper.domain.support.errors import ChatNotFound
from cube_demper.domain.support.handling import RATED_FOR
from cube_demper.domain.support.inbox_queries import Listed
from cube_demper.domain.support.schemas import (
    ChatCard,
    ChatRow,
    ChatStatus,
    FileHead,
    Found,
    InboxCounts,
    InboxPage,
    InboxQuery,
    Label,
    Message,
    MessageKind,
    MessagePage,
    OwnChat,
    RoundRow,
)
from cube_demper.domain.support.statistics import daily, stats
from cube_demper.models.support import SupportMessage

__all__ = [
    "chat",
    "counts",
    "daily",
    "inbox",
    "messages",
    "own_chat",
    "search",
    "stats",
    "unread",
]

MOST_MESSAGES = 200
MOST_CHATS = 100
_ROUNDS = 10
_ALL_KINDS = tuple(MessageKind)


async def inbox(tx: ReadTx, actor: Actor, asked: InboxQuery, now: datetime) -> InboxPage:
    """Return a page of chats, the newest first (or the most urgent). Staff only: PermissionDenied."""
    user_id = require_staff(actor)
    found = await inbox_queries.list_chats(tx, asked, user_id, now)
    shown = found[: asked.limit]
    labels = await _labels_of(tx, [it.chat.id for it in shown])
    rows = [_row(it, labels.get(it.chat.id, ()), actor, now) for it in shown]
    has_more = len(found) > len(shown) and not asked.is_urgent
    return InboxPage(rows, (rows[-1].talked_at, rows[-1].id) if has_more else None)


async def counts(tx: ReadTx, actor: Actor, now: datetime) -> InboxCounts:
    """Count chats that are not closed, for the inbox's tabs. Staff only."""
    rows = await inbox_queries.count_live(tx, require_staff(actor), now)
    totals = [sum(row[place] for row in rows) for place in range(2, 6)]
    return InboxCounts({ChatStatus(row[0]): row[1] for row in rows}, *totals)


async def chat(tx: ReadTx, actor: Actor, chat_id: UUID, now: datetime) -> ChatCard:
    """Return a chat. Staff only. Raises ChatNotFound."""
    require_staff(actor)
    found = await inbox_queries.find_chat(tx, chat_id)
    if found is None:
        raise ChatNotFound
    labels = await _labels_of(tx, [chat_id])
    rounds = await queries.list_rounds(tx, chat_id, _ROUNDS)
    return ChatCard(
        row=_row(found, labels.get(chat_id, ()), actor, now),
        rounds=[
            RoundRow(
                it.number, it.opened_at, it.answered_at, it.closed_at, it.rating, it.rating_words
            )
            for it in rounds
        ],
        user_read_at=found.chat.user_read_at,
    )  # fmt: skip


async def messages(
    tx: ReadTx,
    actor: Actor,
    chat_id: UUID | None,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = 40,
) -> MessagePage:
    """Return the newest messages, those before a `number`, or those after one (for live pages).

    A person gets their own chat alone (`chat_id` None), without notes; nothing before they have written.
    `has_older` is of no meaning with `after`. Raises ChatNotFound.
    """
    is_person = actor.role is Role.USER
    if is_person:
        own = await queries.find_own(tx, actor.person_id)
        if own is None:
            return MessagePage([], has_older=False)
        chat_id = own.id
    else:
        require_staff(actor)
        if chat_id is None or not await queries.exists(tx, chat_id):
            raise ChatNotFound
    limit = min(max(limit, 1), MOST_MESSAGES)
    kinds = queries.SHOWN if is_person else _ALL_KINDS
    found = await queries.list_messages(
        tx, chat_id, kinds, before=before, after=after, limit=limit + 1
    )
    shown = list(found[:limit])
    if after is None:
        shown.reverse()
    files = await _files_of(tx, [row.id for row, _, _ in shown])
    rows = [_message(*it, files.get(it[0].id, ()), actor) for it in shown]
    return MessagePage(rows, has_older=len(found) > limit)


async def own_chat(tx: ReadTx, actor: Actor, now: datetime) -> OwnChat:
    """Return the actor's own chat with support. Role.USER."""
    _require_person(actor)
    is_online = await desk_queries.is_anybody_there(tx, now - sharing.ONLINE_FOR)
    row = await queries.find_own(tx, actor.person_id)
    if row is None:
        return OwnChat(None, ChatStatus.PENDING, "", is_online)
    current = await queries.round_of(tx, row)
    answerer = ""
    if row.assigned_to is not None and row.status == ChatStatus.OPEN:
        person = await queries.find_person(tx, row.assigned_to)
        answerer = first_name(person.full_name if person else None)
    return OwnChat(
        id=row.id,
        status=ChatStatus(row.status),
        answerer=answerer,
        is_online=is_online,
        unread=row.user_unread,
        staff_read_at=row.staff_read_at,
        can_rate=current.closed_at is not None and now - current.closed_at <= RATED_FOR,
        rating=current.rating,
        rating_words=current.rating_words,
    )


async def unread(tx: ReadTx, actor: Actor) -> int:
    """Count answers that the actor has not seen. Role.USER."""
    _require_person(actor)
    return await queries.own_unread(tx, actor.person_id)


async def search(
    tx: ReadTx, actor: Actor, text: str, *, before: int | None = None, limit: int = 30
) -> list[Found]:
    """Search all messages and notes by Russian words, the newest first; `before`: a `number`. Staff only."""
    require_staff(actor)
    words = " ".join(text.replace("\x00", "").split())[:200]
    if not words:
        return []
    rows = await inbox_queries.search(tx, words, before, min(max(limit, 1), MOST_CHATS))
    return [
        Found(
            chat_id=row.chat_id,
            message_id=row.id,
            number=row.number,
            person=_person(full_name, email, actor),
            kind=MessageKind(row.kind),
            snippet=snippet,
            sent_at=row.sent_at,
        )
        for row, full_name, email, snippet in rows
    ]


def shown_mail(actor: Actor, email: str) -> str:
    """Return a person's address as the actor may see it: only admins see it whole."""
    return email if actor.role is Role.ADMIN else masked_mail(email)


def _require_person(actor: Actor) -> None:
    if actor.role is not Role.USER:
        raise PermissionDenied


def _person(full_name: str, email: str, actor: Actor) -> str:
    return full_name.strip() or shown_mail(actor, email)


async def _labels_of(tx: ReadTx, chat_ids: Sequence[UUID]) -> dict[UUID, tuple[Label, ...]]:
    found: dict[UUID, tuple[Label, ...]] = {}
    for chat_id, it in await label_queries.of_chats(tx, chat_ids) if chat_ids else ():
        found[chat_id] = (*found.get(chat_id, ()), Label(it.id, it.title, it.tone))
    return found


async def _files_of(tx: ReadTx, message_ids: Sequence[UUID]) -> dict[UUID, tuple[FileHead, ...]]:
    found: dict[UUID, tuple[FileHead, ...]] = {}
    for message_id, head in await file_queries.of_messages(tx, message_ids) if message_ids else ():
        found[message_id] = (*found.get(message_id, ()), head)
    return found


def _row(it: Listed, labels: tuple[Label, ...], actor: Actor, now: datetime) -> ChatRow:
    row, current = it.chat, it.round
    return ChatRow(
        id=row.id,
        user_id=row.user_id,
        owner_id=row.owner_id,
        person=_person(it.full_name, it.email, actor),
        email=shown_mail(actor, it.email),
        status=ChatStatus(row.status),
        assigned_to=row.assigned_to,
        assignee=name_of(it.assignee_name, it.assignee_email),
        priority=current.priority,
        talked_at=row.talked_at,
        waiting_since=row.waiting_since,
        text=it.text or "",
        is_ours=it.kind == MessageKind.STAFF,
        has_files=it.has_files,
        unread=row.staff_unread,
        labels=labels,
        sla=sla.sla_of(
            answer_due_at=current.answer_due_at,
            resolve_due_at=current.resolve_due_at,
            answered_at=current.answered_at,
            closed_at=current.closed_at,
            now=now,
        ),
        rating=current.rating,
    )


def _message(
    row: SupportMessage,
    full_name: str | None,
    email: str | None,
    files: tuple[FileHead, ...],
    actor: Actor,
) -> Message:
    kind, is_own = MessageKind(row.kind), row.author_id == actor.user_id
    if actor.role is Role.USER:
        author = "" if kind is MessageKind.USER else first_name(full_name)
    elif kind is MessageKind.USER:
        author = _person(full_name or "", email or "", actor)
    else:
        author = name_of(full_name, email)
    return Message(
        id=row.id,
        number=row.number,
        chat_id=row.chat_id,
        kind=kind,
        author=author,
        is_own=is_own,
        text=row.body,
        sent_at=row.sent_at,
        key=row.key.rpartition(":")[2] if is_own else "",
        files=files,
    )
