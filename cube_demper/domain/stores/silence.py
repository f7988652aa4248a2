"""«Бот не работает»: nobody looks at prices. Asked by a process that is not a demping worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import PermissionDenied
from cube_demper.core.russian import counted
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.operations import service as operations
from cube_demper.domain.stores import rules
from cube_demper.domain.stores.queries import readiness

SILENT_FOR = timedelta(minutes=3)
"""A restart takes seconds and a new release under a minute; after three nobody is coming back by itself."""
_WORKER = "demping"


async def tell_of_silence(
    tx: WriteTx, actor: Actor, now: datetime, *, silent_for: timedelta = SILENT_FOR
) -> int:
    """Tell sellers whose bots should work now that no worker is alive; return how many, 0 if one is.

    Once a day each. `silent_for` in the clock's own time. Raises PermissionDenied unless the product
    itself asks.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    beats = await operations.alive(tx, now, within=silent_for)
    if any(beat.name == _WORKER for beat in beats):
        return 0
    waiting = await readiness.waiting_goods(tx, rules.local_time(now))
    for user_id, goods in waiting.items():
        words = counted(goods, "товара", "товаров", "товаров")
        await notifications.notify(
            tx,
            actor,
            Tell(
                user_id=user_id,
                kind="bot_silent",
                title="Бот не работает",
                body=(
                    f"Цены {words} сейчас никто не проверяет: обработчики молчат. Цены остаются "
                    "какими были. Мы уже чиним; на странице бота видно, когда он вернётся."
                ),
                link="/bot",
                dedupe_key=f"bot_silent:{now.astimezone(ALMATY):%Y-%m-%d}",
            ),
        )
    return len(waiting)
