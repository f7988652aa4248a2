"""What is done to a chat. Signatures first, bodies follow within the hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.support.schemas import Written


async def write(
    tx: WriteTx,
    actor: Actor,
    chat_id: UUID | None,
    text: str,
    attachments: Sequence[UUID],
    now: datetime,
    *,
    key: str,
) -> Written:
    """Say something; `key`, made in the browser, makes a second try of the same message nothing.

    A person (Role.USER) writes to their own chat, `chat_id` None; it begins, or a closed one is reopened.
    Staff answer: an unassigned or waiting chat becomes theirs (open). `attachments`: ids that the upload
    route gave. Raises InvalidInput (empty, over 4,000 characters, over 5 files), ChatNotFound, FileNotKept,
    WrongStep for staff in a closed chat, TooMuch, PermissionDenied.
    """
    raise NotImplementedError


async def note(
    tx: WriteTx, actor: Actor, chat_id: UUID, text: str, now: datetime, *, key: str
) -> Written:
    """Write a private note that the person never sees. Raises InvalidInput, ChatNotFound."""
    raise NotImplementedError


async def take(tx: WriteTx, actor: Actor, chat_id: UUID, now: datetime) -> None:
    """«Взять в работу»: pending or reopened → open, mine. Raises AlreadyTaken naming who was first."""
    raise NotImplementedError


async def assign(tx: WriteTx, actor: Actor, chat_id: UUID, person_id: UUID, now: datetime) -> None:
    """Give a chat that nobody has in work to a colleague (pending/reopened → open).

    Raises AlreadyTaken, WrongStep for a closed chat, NotFound for who is no staff.
    """
    raise NotImplementedError


async def transfer(
    tx: WriteTx, actor: Actor, chat_id: UUID, person_id: UUID, now: datetime, *, words: str = ""
) -> None:
    """Hand an open chat over to a colleague, with a private note in `words`. Raises WrongStep, NotFound."""
    raise NotImplementedError


async def close(tx: WriteTx, actor: Actor, chat_id: UUID | None, now: datetime) -> None:
    """End the matter; the person is asked to rate it. A person may end their own (`chat_id` None).

    Raises WrongStep when it is closed already, ChatNotFound.
    """
    raise NotImplementedError


async def reopen(tx: WriteTx, actor: Actor, chat_id: UUID, now: datetime) -> None:
    """Begin a closed chat's next matter; it is the actor's. Raises WrongStep, ChatNotFound."""
    raise NotImplementedError


async def rate(tx: WriteTx, actor: Actor, rating: int, words: str, now: datetime) -> None:
    """Rate the matter that was closed last, 1–5, with a word (≤ 500). Role.USER only.

    Raises InvalidInput, WrongStep when there is nothing to rate.
    """
    raise NotImplementedError


async def label(tx: WriteTx, actor: Actor, chat_id: UUID, label_id: UUID, *, is_on: bool) -> None:
    """Put a label on a chat or take it off. Raises ChatNotFound, NotFound."""
    raise NotImplementedError


async def mark_read(tx: WriteTx, actor: Actor, chat_id: UUID | None, now: datetime) -> int:
    """Note that the actor's side has seen all; return how much was unseen. A person: `chat_id` None."""
    raise NotImplementedError
