"""Whose chat it is: staff work on all of them, a person on their own."""

from __future__ import annotations

from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.support import queries
from cube_demper.domain.support.errors import ChatNotFound
from cube_demper.domain.support.schemas import STAFF
from cube_demper.models.accounts import User
from cube_demper.models.support import SupportChat

_AS_ANOTHER = "Вы смотрите глазами пользователя: писать за него нельзя."


def require_staff(actor: Actor) -> UUID:
    """Return who of support acts. Raises PermissionDenied for everybody else."""
    if actor.role not in STAFF:
        raise PermissionDenied
    return actor.person_id


def require_system(actor: Actor) -> None:
    """Raise PermissionDenied unless the product itself works."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied


def require_self(actor: Actor) -> UUID:
    """Return the person who acts for themselves. Raises PermissionDenied for staff and for a stand-in."""
    if actor.role is not Role.USER:
        raise PermissionDenied
    if actor.impersonated_by is not None:
        raise PermissionDenied(_AS_ANOTHER)
    return actor.person_id


async def lock_chat(tx: WriteTx, chat_id: UUID | None) -> SupportChat:
    """Lock a chat for staff. Raises ChatNotFound."""
    chat = await queries.lock_chat(tx, chat_id) if chat_id else None
    if chat is None:
        raise ChatNotFound
    return chat


async def lock_own(tx: WriteTx, actor: Actor) -> SupportChat:
    """Lock the actor's own chat. Raises ChatNotFound, PermissionDenied."""
    chat = await queries.lock_own(tx, require_self(actor))
    if chat is None:
        raise ChatNotFound
    return chat


async def record(
    tx: WriteTx, actor: Actor, action: str, chat: SupportChat, **values: object
) -> None:
    """Write down what staff did in a chat, on the page of the seller whose it is."""
    owner = chat.owner_id or chat.user_id
    await audit.record(tx, actor, action, "support_chat", chat.id, owner=owner, **values)


def name_of(full_name: str | None, email: str | None) -> str:
    """Return what a colleague is called among staff."""
    return (full_name or "").strip() or (email or "").partition("@")[0]


def first_name(full_name: str | None) -> str:
    """Return how a person is called by those they answer: never an e-mail."""
    words = (full_name or "").split()
    return words[0] if words and "@" not in words[0] else "Поддержка"


async def colleague(tx: WriteTx, user_id: UUID) -> User:
    """Return a support person. Raises ChatNotFound's sibling words for anybody else."""
    person = await queries.find_person(tx, user_id)
    if person is None or person.is_blocked or Role(person.role) not in STAFF:
        raise ChatNotFound("Такого сотрудника поддержки нет.")
    return person
