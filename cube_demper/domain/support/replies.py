"""Texts at hand that all of support share."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from cube_demper.core.errors import InvalidFields, InvalidInput, NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.support import reply_queries, rules
from cube_demper.domain.support.access import require_staff
from cube_demper.domain.support.errors import ChatNotFound
from cube_demper.domain.support.schemas import Reply
from cube_demper.models.support import SupportReply

MOST: Final = 300
LONGEST_TITLE: Final = 80
VARIABLES: Final = ("{name}", "{store}")
"""What a text may name: the person's first name and their first store."""
_SHORTCUT: Final = re.compile(r"[\w-]{1,30}")
_UNKNOWN: Final = re.compile(r"\{[^{}]*\}")


async def list_all(tx: ReadTx, actor: Actor) -> list[Reply]:
    """Return all texts by shortcut. Staff only."""
    require_staff(actor)
    return [_reply(row) for row in await reply_queries.list_all(tx)]


async def save(
    tx: WriteTx,
    actor: Actor,
    shortcut: str,
    title: str,
    message: str,
    *,
    reply_id: UUID | None = None,
) -> UUID:
    """Keep a new text, or change one. Raises InvalidInput by field, NotFound. Staff only."""
    require_staff(actor)
    name, code, text = _read(shortcut, title, message)
    others = await reply_queries.lock_all(tx)
    if any(it.shortcut.casefold() == code.casefold() and it.id != reply_id for it in others):
        raise InvalidInput("Такое сокращение уже есть.", field="shortcut")
    row = next((it for it in others if it.id == reply_id), None)
    if row is None and reply_id is not None:
        raise NotFound("Такого ответа уже нет.")
    before = {"message": row.message[:200]} if row is not None else None
    if row is None:
        if len(others) >= MOST:
            raise InvalidInput(f"Готовых ответов уже {MOST}. Удалите лишние.", field="title")
        row = SupportReply(shortcut=code, title=name, message=text)
        tx.add(row)
    row.shortcut, row.title, row.message = code, name, text
    await tx.flush()
    await audit.record(
        tx,
        actor,
        "support_reply_saved",
        "support_reply",
        row.id,
        before=before,
        after={"message": text[:200]},
    )
    return row.id


async def remove(tx: WriteTx, actor: Actor, reply_id: UUID) -> None:
    """Forget a text. Raises NotFound. Staff only."""
    require_staff(actor)
    title = await reply_queries.remove(tx, reply_id)
    if title is None:
        raise NotFound("Такого ответа уже нет.")
    await audit.record(tx, actor, "support_reply_removed", "support_reply", reply_id, title=title)


async def fill(tx: WriteTx, actor: Actor, reply_id: UUID, chat_id: UUID) -> str:
    """Return a text filled for a chat's person, and count its use. Raises NotFound, ChatNotFound."""
    require_staff(actor)
    message = await reply_queries.use(tx, reply_id)
    if message is None:
        raise NotFound("Такого ответа уже нет.")
    found = await reply_queries.who_is_told(tx, chat_id)
    if found is None:
        raise ChatNotFound
    full_name, store = found
    words = full_name.split()
    text = message.replace("{store}", f"«{store}»" if store else "ваш магазин")
    if words:
        return text.replace("{name}", words[0])
    text = re.sub(r"\{name\}\s*[,!]\s*|\s*,?\s*\{name\}", "", text)
    return f"{text[:1].upper()}{text[1:]}"


def _read(shortcut: str, title: str, message: str) -> tuple[str, str, str]:
    name, code = " ".join(title.split()), shortcut.strip().removeprefix("/")
    faults: dict[str, str] = {}
    if not _SHORTCUT.fullmatch(code):
        faults["shortcut"] = "Буквы, цифры, дефис и подчёркивание, до 30 знаков."
    if not name or len(name) > LONGEST_TITLE:
        faults["title"] = f"Назовите ответ, до {LONGEST_TITLE} знаков."
    try:
        text = rules.read_text(message)
    except InvalidInput as error:
        text, faults["message"] = "", error.message
    if wrong := [it for it in _UNKNOWN.findall(text) if it not in VARIABLES]:
        faults["message"] = f"Таких переменных нет: {', '.join(wrong[:5])}."
    if faults:
        raise InvalidFields(faults)
    return name, code, text


def _reply(row: SupportReply) -> Reply:
    return Reply(row.id, row.shortcut, row.title, row.message, row.used)
