"""The texts for all who have none of their own: an admin changes them, and every version is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cube_demper.core.errors import Conflict, InvalidInput
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.messaging import default_queries as queries
from cube_demper.domain.messaging.gate_schemas import Language, TriggerEvent
from cube_demper.domain.messaging.templates import read_text
from cube_demper.domain.messaging.texts import default_text
from cube_demper.models.messages import WhatsAppDefault

MOST_VERSIONS = 20
"""Of the history that a page shows."""


@dataclass(frozen=True, slots=True)
class Version:
    """A text that held once; `number` 0 is the one that we ship. `who`: an e-mail, "" unknown."""

    number: int
    text: str
    is_shipped: bool
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Sellers with a number of WhatsApp, and how many of them have a text of their own."""

    sellers: int
    own: int


@dataclass(frozen=True, slots=True)
class DefaultText:
    """A default: its versions, the newest first; the first one holds."""

    event: TriggerEvent
    language: Language
    versions: Sequence[Version]
    reach: Reach

    @property
    def now(self) -> Version:
        """The version that holds."""
        return self.versions[0]


async def open_text(
    tx: ReadTx, actor: Actor, event: TriggerEvent, language: Language
) -> DefaultText:
    """Return a default with its history and whom it reaches. Raises PermissionDenied."""
    actor.require_operator()
    shipped = default_text(event, language)
    rows = await queries.versions(tx, event, language, MOST_VERSIONS)
    versions = [
        Version(row.version, row.message or shipped, row.message is None, who, row.created_at)
        for row, who in rows
    ]
    first = Version(0, shipped, is_shipped=True)
    sellers, own = await queries.count_reach(tx, event, language)
    return DefaultText(event, language, [*versions, first], Reach(sellers, own))


async def save(
    tx: WriteTx, actor: Actor, event: TriggerEvent, language: Language, text: str, *, seen: int
) -> int:
    """Let a text hold for everybody without their own, waiting messages too; return its version.

    `seen` is the version that was being changed. Raises InvalidInput (`text`) for an empty, endless
    or unchanged one, Conflict when another admin was first, PermissionDenied.
    """
    actor.require_operator()
    clean, before = read_text(text), (await open_text(tx, actor, event, language)).now
    if before.number != seen:
        raise Conflict(
            "Пока вы писали, этот текст изменил другой администратор. Откройте его снова."
        )
    if clean == before.text:
        raise InvalidInput("Текст тот же: сохранять нечего.", field="text")
    version = seen + 1
    row = WhatsAppDefault(
        trigger_event=event,
        language=language,
        version=version,
        message=None if clean == default_text(event, language) else clean,
        written_by=actor.user_id,
    )
    if not await queries.add(tx, row):
        raise Conflict("Этот текст только что изменил другой администратор. Откройте его снова.")
    await audit.record(
        tx, actor, "default_text_changed", "message_text", f"{event}/{language}",
        before={"text": before.text}, after={"text": clean}, version=version,
    )  # fmt: skip
    return version
