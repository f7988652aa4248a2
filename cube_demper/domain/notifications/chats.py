"""Whose Telegram chat is whose: a code shown in the app, sent to our bot from the chat."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import NotFound, PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.chat_codes import new_code, owner_of_code, use_code
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.notifications import delivery_queries as queries
from cube_demper.domain.notifications.delivering import close_chat
from cube_demper.domain.notifications.schemas import Chat
from cube_demper.models.accounts import User

__all__ = ["answer", "blocked", "chat_of", "new_code", "unlink"]
_LINKED = (
    "Готово: сюда будут приходить уведомления Cube Demper для {email}.\n"
    "Что присылать, выбирается в настройках на сайте. Отключить: /stop"
)
_DEAD = "Код устарел или уже использован. Откройте настройки Cube Demper и получите новый."
_HELLO = "Это бот Cube Demper. Чтобы получать уведомления, подключите его в настройках на сайте."
_STOPPED = "Отключено: больше ничего не пришлём. Подключить снова можно в настройках на сайте."


async def chat_of(tx: ReadTx, actor: Actor) -> Chat | None:
    """Return the actor's Telegram chat."""
    found = await queries.find_chat(tx, actor.person_id)
    return Chat(found.chat_id, found.name, found.blocked_at is not None) if found else None


async def unlink(tx: WriteTx, actor: Actor) -> None:
    """Forget the actor's chat. Raises NotFound when there is none."""
    if not await queries.delete_chat(tx, user_id=actor.person_id):
        raise NotFound("Telegram уже отключён.")
    await audit.record(tx, actor, "telegram_unlinked", "user", actor.person_id)
    tx.emit(f"user:{actor.person_id}", "settings")


async def answer(
    tx: WriteTx, actor: Actor, text: str, *, chat_id: int, name: str, now: datetime
) -> str:
    """Do what a message to our bot asks for and return what to answer.

    The same message twice (a lost answer is sent again by Telegram) gives the same answer.
    Raises PermissionDenied unless the product itself asks.
    """
    _only_system(actor)
    command, _, rest = text.strip().partition(" ")
    if command == "/start" and rest:
        return await _link(tx, chat_id, name, rest.strip(), now)
    if command == "/stop":
        user_id = await queries.delete_chat(tx, chat_id=chat_id)
        if user_id is not None:
            tx.emit(f"user:{user_id}", "settings")
            return _STOPPED
    return _HELLO


async def blocked(tx: WriteTx, actor: Actor, chat_id: int, now: datetime) -> None:
    """Note that a person stopped our bot. Raises PermissionDenied unless the product itself asks."""
    _only_system(actor)
    user_id = await queries.find_user_of_chat(tx, chat_id)
    if user_id is not None:
        await close_chat(tx, user_id, now)
        tx.emit(f"user:{user_id}", "settings")


async def _link(tx: WriteTx, chat_id: int, name: str, code: str, now: datetime) -> str:
    user_id = await use_code(tx, SYSTEM, code, now)
    if user_id is None:
        user_id = await owner_of_code(tx, SYSTEM, code)
        if user_id is None or user_id != await queries.find_user_of_chat(tx, chat_id):
            return _DEAD
    else:
        await _record(tx, user_id)
    await queries.put_chat(tx, user_id, chat_id, name)
    user = await tx.get(User, user_id)
    return _LINKED.format(email=user.email if user else "")


async def _record(tx: WriteTx, user_id: UUID) -> None:
    person = Actor(Role.USER, user_id)
    await audit.record(tx, person, "telegram_linked", "user", user_id)
    tx.emit(f"user:{user_id}", "settings")


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
