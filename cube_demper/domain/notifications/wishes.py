"""What a person wishes to be told, where and when."""

from __future__ import annotations

from datetime import time

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.notifications import delivery_queries as queries
from cube_demper.domain.notifications.kinds import KINDS, OTHER
from cube_demper.domain.notifications.planning import wishes_from
from cube_demper.domain.notifications.schemas import Wishes
from cube_demper.models.telling import TellChannel

MIN_DIGEST_MINUTES, MAX_DIGEST_MINUTES = 5, 24 * 60


async def get_wishes(tx: ReadTx, actor: Actor) -> Wishes:
    """Return what the actor wishes; who has said nothing has the defaults."""
    found = await queries.wishes_of(tx, [actor.person_id])
    return wishes_from(found.get(actor.person_id))


async def switch_kind(tx: WriteTx, actor: Actor, *, kind: str, channel: str, is_on: bool) -> Wishes:
    """Let a channel carry a kind to the actor, or not. Raises InvalidInput for what there is not."""
    if (kind not in KINDS and kind != OTHER.code) or channel not in set(TellChannel):
        raise InvalidInput("Такой настройки нет. Обновите страницу.")
    known, key = await get_wishes(tx, actor), f"{kind}:{channel}"
    off = known.off - {key} if is_on else known.off | {key}
    await queries.save_wishes(tx, actor.person_id, {"off": sorted(off)})
    return Wishes(off, known.digest_minutes, known.quiet_start, known.quiet_end)


async def set_times(
    tx: WriteTx,
    actor: Actor,
    *,
    digest_minutes: int,
    quiet_start: time | None,
    quiet_end: time | None,
) -> None:
    """Say how often messages may come and when not. Raises InvalidInput naming the field."""
    if not MIN_DIGEST_MINUTES <= digest_minutes <= MAX_DIGEST_MINUTES:
        raise InvalidInput(
            f"От {MIN_DIGEST_MINUTES} минут до суток ({MAX_DIGEST_MINUTES}).",
            field="digest_minutes",
        )
    if (quiet_start is None) != (quiet_end is None):
        field = "quiet_start" if quiet_start is None else "quiet_end"
        raise InvalidInput("Укажите и начало, и конец — или оставьте оба пустыми.", field=field)
    if quiet_start is not None and quiet_start == quiet_end:
        raise InvalidInput("Начало и конец совпадают: тихих часов не получится.", field="quiet_end")
    values: dict[str, object] = {
        "digest_minutes": digest_minutes,
        "quiet_start": quiet_start,
        "quiet_end": quiet_end,
    }
    await queries.save_wishes(tx, actor.person_id, values)
