"""Who else looks at a chat or writes in it: said to others, and as the page says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.support.access import name_of
from cube_demper.domain.support.schemas import CHANNEL, TYPING_EVENT, person_channel
from cube_demper.integrations.presence.client import PERSON, Present
from cube_demper.ui import session
from cube_demper.ui.presence import presence

LOOK_EVERY: Final = 20.0
"""Seconds; a look counts for a little longer."""
_STAFF: Final = (CHANNEL, TYPING_EVENT)


@dataclass
class Company:
    """Who else is here, in words; empty: nobody. `number`: another one each time it was heard of."""

    number: int = 0
    looking: str = ""
    typing: str = ""


async def look(chat_id: UUID) -> None:
    """Tell colleagues that this person has the chat open."""
    who, name = _me()
    await presence().look(chat_id, who, name, tell=[_STAFF])


async def leave(chat_id: UUID, actor: Actor) -> None:
    """Tell colleagues that a person has left the chat."""
    await presence().stop(chat_id, str(actor.person_id), leaves=True, tell=[_STAFF])


async def type_in(chat_id: UUID, customer_id: str) -> None:
    """Tell the customer and colleagues that this person writes an answer."""
    who, name = _me()
    tell = [_STAFF, (person_channel(customer_id), TYPING_EVENT)]
    await presence().type(chat_id, who, name, tell=tell)


async def wrote(chat_id: UUID, customer_id: str) -> None:
    """Tell both sides that this person's answer is written."""
    who, _ = _me()
    tell = [_STAFF, (person_channel(customer_id), TYPING_EVENT)]
    await presence().stop(chat_id, who, leaves=False, tell=tell)


async def company(chat_id: UUID, number: int) -> Company:
    """Say who else is at the chat."""
    me, _ = _me()
    return in_words(await presence().present(chat_id), me, number)


def in_words(present: Sequence[Present], me: str, number: int = 0) -> Company:
    """Put who is at a chat into words, less the reader. Pure."""
    others = [it for it in present if it.who not in (me, PERSON)]
    writers = [it.name for it in others if it.is_typing]
    lookers = [it.name for it in others if not it.is_typing]
    words = []
    if any(it.who == PERSON and it.is_typing for it in present):
        words.append("Клиент печатает…")
    if writers:
        words.append(f"{', '.join(writers)} — {'пишет' if len(writers) == 1 else 'пишут'} ответ…")
    looking = f"Чат открыт и у коллег: {', '.join(lookers)}" if lookers else ""
    return Company(number, looking, " ".join(words))


def _me() -> tuple[str, str]:
    actor, signed = session.current_actor(), session.found_by_guard()
    return str(actor.person_id), name_of(signed.full_name if signed else "", actor.email)
