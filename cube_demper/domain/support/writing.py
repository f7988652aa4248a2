"""Saying something in a chat: a person to support, support to a person, support to itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import service as billing
from cube_demper.domain.support import access, mailing, queries, rules, sharing, sla, waiting
from cube_demper.domain.support.access import record
from cube_demper.domain.support.errors import TooMuch, WrongStep
from cube_demper.domain.support.saying import Happened, happen, say, tell, tell_badge, tell_changed
from cube_demper.domain.support.schemas import ChatStatus, Draft, MessageKind, Written
from cube_demper.models.support import SupportChat, SupportMessage, SupportRound

_MINUTE: Final = timedelta(minutes=1)
MOST_A_MINUTE: Final = 30


async def write(
    tx: WriteTx, actor: Actor, chat_id: UUID | None, draft: Draft, now: datetime
) -> Written:
    """Say something; the same `draft.key` again is the same message.

    A person (Role.USER) writes to their own chat, `chat_id` None; it begins, or a closed one is reopened.
    Staff answer: a chat that nobody has in work becomes theirs. Raises InvalidInput (empty, over
    `rules.LONGEST` characters, over `rules.MOST_FILES` files), ChatNotFound, FileNotKept, TooMuch,
    WrongStep for staff in a closed chat, PermissionDenied.
    """
    draft = rules.read_draft(draft)
    if actor.role is Role.USER:
        return await _ask(tx, actor, draft, now)
    return await _answer(tx, actor, chat_id, draft, now)


async def note(
    tx: WriteTx, actor: Actor, chat_id: UUID, text: str, now: datetime, *, key: str
) -> Written:
    """Write a private note that the person never sees. Raises InvalidInput, ChatNotFound."""
    user_id = access.require_staff(actor)
    clean, own_key = rules.read_text(text), f"n:{user_id}:{rules.read_key(key)}"
    chat = await access.lock_chat(tx, chat_id)
    if said := await queries.find_said(tx, chat.id, own_key):
        return _written(said, is_new=False)
    row = await say(tx, chat, MessageKind.NOTE, Draft(clean, own_key), now, by=user_id)
    await record(tx, actor, "support_noted", chat)
    tell(tx, chat, person=False)
    return _written(row, is_new=True)


async def _ask(tx: WriteTx, actor: Actor, draft: Draft, now: datetime) -> Written:
    user_id, key = access.require_self(actor), f"u:{draft.key}"
    is_first = await queries.begin(tx, user_id, now)
    chat = await access.lock_own(tx, actor)
    if said := await queries.find_said(tx, chat.id, key):
        return _written(said, is_new=False)
    if await queries.count_since(tx, chat.id, user_id, now - _MINUTE) >= MOST_A_MINUTE:
        raise TooMuch("Слишком много сообщений за минуту. Подождите немного и повторите.")
    before = ChatStatus(chat.status)
    chat.owner_id = actor.owner_id
    is_opened = is_first or before is ChatStatus.CLOSED
    if is_opened:
        await open_round(tx, chat, now, is_first=is_first)
    row = await say(tx, chat, MessageKind.USER, replace(draft, key=key), now, by=user_id)
    if chat.waiting_since is None:
        await waiting.watch(tx, chat, row.number, now)
    chat.talked_at, chat.waiting_since = now, chat.waiting_since or now
    chat.staff_unread += 1
    await tx.flush()
    if is_opened:
        await sharing.give(tx, chat, now)
        tell_changed(tx, chat)
    tell(tx, chat)
    return _written(row, is_new=True)


async def _answer(
    tx: WriteTx, actor: Actor, chat_id: UUID | None, draft: Draft, now: datetime
) -> Written:
    user_id = access.require_staff(actor)
    key = f"s:{user_id}:{draft.key}"
    chat = await access.lock_chat(tx, chat_id)
    if said := await queries.find_said(tx, chat.id, key):
        return _written(said, is_new=False)
    if chat.status == ChatStatus.CLOSED:
        raise WrongStep("Чат закрыт. Откройте его снова, чтобы ответить.")
    if chat.status != ChatStatus.OPEN:
        await take_over(tx, chat, user_id, now)
    row = await say(tx, chat, MessageKind.STAFF, replace(draft, key=key), now, by=user_id)
    current = await queries.round_of(tx, chat)
    if current.answered_at is None:
        current.answered_at, current.answered_by = now, user_id
        waited = sla.working_between(current.opened_at, now)
        current.answer_seconds = int(waited.total_seconds())
    chat.talked_at, chat.waiting_since, chat.staff_unread = now, None, 0
    chat.staff_read_at = now
    chat.user_unread += 1
    await mailing.plan(tx, chat, row.number, now)
    await tx.flush()
    await record(tx, actor, "support_answered", chat)
    tell(tx, chat)
    tell_badge(tx, chat)
    return _written(row, is_new=True)


async def open_round(
    tx: WriteTx, chat: SupportChat, now: datetime, *, is_first: bool = False
) -> None:
    """Begin a matter of a locked chat, with what its plan promises."""
    if not is_first:
        chat.status, chat.rounds = ChatStatus.REOPENED, chat.rounds + 1
    priority = 0
    if chat.owner_id is not None:
        allowed = await billing.entitlements(tx, SYSTEM, [chat.owner_id], now)
        priority = allowed[chat.owner_id].priority
    promise = sla.promise(priority)
    tx.add(
        SupportRound(
            chat_id=chat.id,
            number=chat.rounds,
            priority=priority,
            opened_at=now,
            answer_due_at=sla.add_working(now, promise.answer),
            resolve_due_at=sla.add_working(now, promise.resolve),
        )
    )
    await tx.flush()


async def take_over(tx: WriteTx, chat: SupportChat, user_id: UUID, now: datetime) -> None:
    """Let a person have a locked chat in work that waits."""
    chat.status, chat.assigned_to = ChatStatus.OPEN, user_id
    current = await queries.round_of(tx, chat)
    current.taken_at = current.taken_at or now
    person = await access.colleague(tx, user_id)
    whom = access.name_of(person.full_name, person.email)
    await happen(tx, chat, Happened.TAKEN, now, whom=whom, by=user_id)
    tell_changed(tx, chat)


def _written(row: SupportMessage, *, is_new: bool) -> Written:
    return Written(row.chat_id, row.id, row.number, is_new)
