"""A few talks with support for the demo: one waits, one is in work, one is closed and rated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import col, func, select

from cube_demper.core.ids import new_token
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.support import labels, replies, service
from cube_demper.domain.support.schemas import Draft
from cube_demper.models.accounts import User, UserRole
from cube_demper.models.support import SupportChat

_PEOPLE: Final = (
    ("dana@example.kz", "Дана Оспанова", ("Не приходит код для входа в Kaspi, что делать?",)),
    (
        "timur@example.kz",
        "Тимур Ахметов",
        (
            "Добрый день! Бот опустил цену ниже, чем я ждал",
            "+Здравствуйте, Тимур! Смотрю журнал цен.",
            "Товар — кроссовки, артикул 1023",
        ),
    ),
)
_OWN: Final = (
    "Как сделать, чтобы бот не работал ночью?",
    "+Здравствуйте! На странице «Бот» задайте часы работы, например с 9:00 до 23:00.",
    "Спасибо, нашёл",
)
_CODE: Final = (
    "{name}, код приходит на телефон из кабинета Kaspi. Если его нет две минуты, запросите новый: "
    "каждый следующий отменяет прежний."
)
_REPLIES: Final = (
    ("привет", "Приветствие", "Здравствуйте, {name}! Спасибо, что написали, сейчас посмотрю."),
    ("код", "Не приходит код Kaspi", _CODE),
    ("магазин", "Проверим магазин", "Проверяю {store}, это займёт пару минут."),
)
_LABELS: Final = (("Оплата", "green"), ("Вход в Kaspi", "amber"), ("Ошибка", "red"))


async def fill(tx: WriteTx, seller: Actor, now: datetime) -> None:
    """Make the talks, once."""
    if await tx.scalar(select(func.count()).select_from(SupportChat)):
        return
    found = await tx.scalar(select(User).where(col(User.role) == UserRole.SUPPORT).limit(1))
    if found is None:
        return
    found.full_name = found.full_name or "Айгуль Нурова"
    support = Actor(Role.SUPPORT, found.id, found.email)
    for shortcut, title, message in _REPLIES:
        await replies.save(tx, support, shortcut, title, message)
    for title, tone in _LABELS:
        await labels.save(tx, support, title, tone)
    for email, name, lines in _PEOPLE:
        person = await accounts.create_user(
            tx, SYSTEM, email=email, password=new_token(), role=Role.USER, now=now
        )
        row = await tx.get_one(User, person)
        row.full_name = name
        await _say(tx, Actor(Role.USER, person, email), support, lines, now - timedelta(minutes=20))
    chat = await _say(tx, seller, support, _OWN, now - timedelta(days=1))
    await service.mark_read(tx, seller, None, now - timedelta(hours=23))
    await service.close(tx, support, chat, now - timedelta(hours=23))
    await service.rate(tx, seller, 5, "Быстро и по делу", now - timedelta(hours=22))


async def _say(
    tx: WriteTx, person: Actor, support: Actor, lines: Sequence[str], begins: datetime
) -> UUID:
    chat: UUID | None = None
    for number, line in enumerate(lines):
        is_answer = line.startswith("+")
        draft = Draft(line.removeprefix("+"), f"demo-{number}")
        who, at = (support, chat) if is_answer else (person, None)
        written = await service.write(tx, who, at, draft, begins + timedelta(minutes=4 * number))
        chat = written.chat_id
    if chat is None:
        raise LookupError("a talk without lines")
    return chat
