"""What is done to a chat: taken, given, handed over, closed, opened again, rated, labelled, read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.errors import NotFound
from cube_demper.core.ids import new_id
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.support import access, label_queries, queries, rules
from cube_demper.domain.support.errors import AlreadyTaken, WrongStep
from cube_demper.domain.support.rules import Step
from cube_demper.domain.support.saying import Happened, happen, say, tell, tell_badge, tell_changed
from cube_demper.domain.support.schemas import CHAT_EVENT, ChatStatus, Draft, MessageKind
from cube_demper.domain.support.writing import open_round, take_over
from cube_demper.models.support import SupportChat

RATED_FOR: Final = timedelta(days=7)
"""How long after its end a matter may be rated, and the rating changed."""


async def take(tx: WriteTx, actor: Actor, chat_id: UUID, now: datetime) -> None:
    """«Взять в работу»: pending or reopened → open, mine. Raises AlreadyTaken naming who was first.

    Taking what is the actor's already is nothing. Raises WrongStep for a closed chat.
    """
    user_id = access.require_staff(actor)
    chat = await access.lock_chat(tx, chat_id)
    if chat.status == ChatStatus.OPEN and chat.assigned_to == user_id:
        return
    await _put_in_work(tx, actor, chat, user_id, now, action="support_taken")


async def assign(tx: WriteTx, actor: Actor, chat_id: UUID, person_id: UUID, now: datetime) -> None:
    """Give a chat that nobody has in work to a colleague (pending/reopened → open).

    Raises AlreadyTaken, WrongStep for a closed chat, NotFound for who is no staff.
    """
    access.require_staff(actor)
    chat = await access.lock_chat(tx, chat_id)
    await access.colleague(tx, person_id)
    await _put_in_work(tx, actor, chat, person_id, now, action="support_assigned")


async def transfer(
    tx: WriteTx, actor: Actor, chat_id: UUID, person_id: UUID, now: datetime, *, words: str = ""
) -> None:
    """Hand an open chat over to a colleague, with a private note in `words`.

    Raises WrongStep, NotFound, InvalidInput for a note that is too long.
    """
    user_id = access.require_staff(actor)
    chat = await access.lock_chat(tx, chat_id)
    _step(chat, Step.TRANSFER)
    person = await access.colleague(tx, person_id)
    if chat.assigned_to == person_id:
        return
    before, chat.assigned_to = chat.assigned_to, person_id
    if words.strip():
        note = Draft(rules.read_text(words), f"n:{user_id}:{new_id()}")
        await say(tx, chat, MessageKind.NOTE, note, now, by=user_id)
    whom = access.name_of(person.full_name, person.email)
    await happen(tx, chat, Happened.GIVEN, now, whom=whom, by=user_id)
    had = await queries.find_person(tx, before) if before else None
    await access.record(
        tx, actor, "support_transferred", chat,
        before={"assigned_to": had.email if had else ""}, after={"assigned_to": person.email},
    )  # fmt: skip
    tell_changed(tx, chat)


async def close(tx: WriteTx, actor: Actor, chat_id: UUID | None, now: datetime) -> None:
    """End the matter; the person is asked to rate it. A person may end their own (`chat_id` None).

    Raises WrongStep when it is closed already, ChatNotFound, PermissionDenied.
    """
    is_own = actor.role is Role.USER
    if is_own:
        chat = await access.lock_own(tx, actor)
    else:
        access.require_staff(actor)
        chat = await access.lock_chat(tx, chat_id)
    before = chat.status
    chat.status = _step(chat, Step.CLOSE)
    chat.waiting_since, chat.staff_unread = None, 0
    current = await queries.round_of(tx, chat)
    current.closed_at, current.closed_by = now, chat.assigned_to if is_own else actor.person_id
    if is_own:
        await happen(tx, chat, Happened.CLOSED_BY_USER, now)
    else:
        person = await access.colleague(tx, actor.person_id)
        whom = access.name_of(person.full_name, person.email)
        await happen(tx, chat, Happened.CLOSED, now, whom=whom, by=actor.person_id)
        await access.record(
            tx, actor, "support_closed", chat,
            before={"status": before}, after={"status": chat.status},
        )  # fmt: skip
    tell_changed(tx, chat)


async def reopen(tx: WriteTx, actor: Actor, chat_id: UUID, now: datetime) -> None:
    """Begin a closed chat's next matter; it waits for the actor. Raises WrongStep, ChatNotFound."""
    user_id = access.require_staff(actor)
    chat = await access.lock_chat(tx, chat_id)
    _step(chat, Step.REOPEN)
    await open_round(tx, chat, now)
    chat.assigned_to = user_id
    person = await access.colleague(tx, user_id)
    whom = access.name_of(person.full_name, person.email)
    await happen(tx, chat, Happened.REOPENED, now, whom=whom, by=user_id)
    await access.record(
        tx, actor, "support_reopened", chat,
        before={"status": ChatStatus.CLOSED}, after={"status": chat.status},
    )  # fmt: skip
    tell_changed(tx, chat)


async def rate(tx: WriteTx, actor: Actor, rating: int, words: str, now: datetime) -> None:
    """Rate the matter that was closed last, 1–5, with a word. Role.USER only.

    Raises InvalidInput, WrongStep when there is nothing to rate.
    """
    value, clean = rules.read_rating(rating, words)
    chat = await access.lock_own(tx, actor)
    current = await queries.round_of(tx, chat)
    if current.closed_at is None or now - current.closed_at > RATED_FOR:
        raise WrongStep("Оценить можно завершённый разговор, в течение недели.")
    if (current.rating, current.rating_words) == (value, clean):
        return
    current.rating, current.rating_words, current.rated_at = value, clean, now
    whom = f"{value}. {clean}" if clean else str(value)
    await happen(tx, chat, Happened.RATED, now, whom=whom)
    tell_changed(tx, chat)


async def label(tx: WriteTx, actor: Actor, chat_id: UUID, label_id: UUID, *, is_on: bool) -> None:
    """Put a label on a chat or take it off. Raises ChatNotFound, NotFound."""
    access.require_staff(actor)
    chat = await access.lock_chat(tx, chat_id)
    title = await label_queries.title_of(tx, label_id)
    if title is None:
        raise NotFound("Такой метки уже нет.")
    if not await label_queries.put(tx, chat.id, label_id, is_on=is_on):
        return
    await access.record(
        tx, actor, "support_labelled", chat,
        before={"label": "" if is_on else title}, after={"label": title if is_on else ""},
    )  # fmt: skip
    tell(tx, chat, CHAT_EVENT, person=False)


async def mark_read(tx: WriteTx, actor: Actor, chat_id: UUID | None, now: datetime) -> int:
    """Note that the actor's side has seen all; return how much was unseen. A person: `chat_id` None.

    Who looks through a person's eyes has seen nothing on their behalf. Raises ChatNotFound.
    """
    if actor.role is Role.USER:
        chat = await access.lock_own(tx, actor)
        seen, chat.user_unread, chat.user_read_at = chat.user_unread, 0, now
        if seen:
            tell_badge(tx, chat)
    else:
        access.require_staff(actor)
        chat = await access.lock_chat(tx, chat_id)
        seen, chat.staff_unread, chat.staff_read_at = chat.staff_unread, 0, now
    if seen:
        await tx.flush()
        tell(tx, chat)
    return seen


async def _put_in_work(
    tx: WriteTx, actor: Actor, chat: SupportChat, person_id: UUID, now: datetime, *, action: str
) -> None:
    before = chat.status
    if chat.status == ChatStatus.OPEN:
        raise AlreadyTaken(await _who_has(tx, chat))
    _step(chat, Step.TAKE)
    await take_over(tx, chat, person_id, now)
    person = await access.colleague(tx, person_id)
    await access.record(
        tx, actor, action, chat,
        before={"status": before}, after={"status": chat.status, "assigned_to": person.email},
    )  # fmt: skip


async def _who_has(tx: WriteTx, chat: SupportChat) -> str:
    person = await queries.find_person(tx, chat.assigned_to) if chat.assigned_to else None
    if person is None:
        return "Чат уже в работе."
    return f"Чат уже в работе: {access.name_of(person.full_name, person.email)}."


def _step(chat: SupportChat, step: Step) -> ChatStatus:
    following = rules.after(ChatStatus(chat.status), step)
    if following is None:
        words = "закрыт" if chat.status == ChatStatus.CLOSED else "не закрыт"
        if step is Step.TRANSFER and chat.status != ChatStatus.CLOSED:
            words = "ещё никто не взял в работу"
        raise WrongStep(f"Этот чат {words}. Обновите страницу.")
    return following
