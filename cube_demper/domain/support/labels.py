"""Words that support sorts chats by."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from cube_demper.core.errors import InvalidInput, NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.support import label_queries
from cube_demper.domain.support.access import require_staff
from cube_demper.domain.support.schemas import CHANNEL, CHAT_EVENT, Label
from cube_demper.models.support import SupportLabel

TONES: Final = ("gray", "blue", "green", "amber", "red")
MOST: Final = 100
LONGEST: Final = 30


async def list_all(tx: ReadTx, actor: Actor) -> list[Label]:
    """Return all labels by name. Staff only."""
    require_staff(actor)
    return [Label(it.id, it.title, it.tone) for it in await label_queries.list_all(tx)]


async def save(
    tx: WriteTx, actor: Actor, title: str, tone: str, *, label_id: UUID | None = None
) -> UUID:
    """Keep a new label, or change one. Raises InvalidInput by field, NotFound. Staff only."""
    require_staff(actor)
    name = " ".join(title.replace("\x00", "").split())
    if not name or len(name) > LONGEST:
        raise InvalidInput(f"Назовите метку, до {LONGEST} знаков.", field="title")
    if tone not in TONES:
        raise InvalidInput("Выберите цвет метки.", field="tone")
    others = await label_queries.lock_all(tx)
    if any(it.title.casefold() == name.casefold() and it.id != label_id for it in others):
        raise InvalidInput("Такая метка уже есть.", field="title")
    row = next((it for it in others if it.id == label_id), None)
    if row is None and label_id is not None:
        raise NotFound("Такой метки уже нет.")
    before = {"title": row.title} if row is not None else None
    if row is None:
        if len(others) >= MOST:
            raise InvalidInput(f"Меток уже {MOST}. Удалите лишние.", field="title")
        row = SupportLabel(title=name, tone=tone)
        tx.add(row)
    row.title, row.tone = name, tone
    await tx.flush()
    await audit.record(
        tx,
        actor,
        "support_label_saved",
        "support_label",
        row.id,
        before=before,
        after={"title": name},
    )
    tx.emit(CHANNEL, CHAT_EVENT)
    return row.id


async def remove(tx: WriteTx, actor: Actor, label_id: UUID) -> None:
    """Forget a label; it goes from all chats. Raises NotFound. Staff only."""
    require_staff(actor)
    title = await label_queries.remove(tx, label_id)
    if title is None:
        raise NotFound("Такой метки уже нет.")
    await audit.record(tx, actor, "support_label_removed", "support_label", label_id, title=title)
    tx.emit(CHANNEL, CHAT_EVENT)
