"""What the trial's page reads, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cube_demper import bootstrap
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.journal_schemas import LatestChange
from cube_demper.domain.stores.schemas import StoreBot
from cube_demper.domain.trial import service as trial
from cube_demper.domain.trial.schemas import Choice, Suggestion
from cube_demper.models.stores import BotMode
from cube_demper.ui import session

_CHANGES_SHOWN = 5


@dataclass(frozen=True)
class Picture:
    """A store on trial; `store` is None when the seller has none."""

    now: datetime
    store: StoreBot | None
    choice: Choice
    suggestions: Sequence[Suggestion] = ()
    latest: Sequence[LatestChange] = ()


async def read_picture(asked: str) -> Picture:
    """Read the store of the address, else the first that only suggests, else the first."""
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    async with services.db.read() as tx:
        own = await stores.list_stores(tx, actor)
        named = [it for it in own if str(it.id) == asked]
        suggesting = [it for it in own if it.mode is BotMode.SUGGEST]
        store = next(iter(named or suggesting or own), None)
        if store is None:
            return Picture(now, None, Choice((), 0, 0, 0))
        return Picture(
            now,
            store,
            choice=await trial.choice(tx, actor, store.id, now),
            suggestions=await trial.suggestions(tx, actor, store.id),
            latest=await stores.latest_changes(tx, actor, store.id, limit=_CHANGES_SHOWN),
        )


async def look_if_unknown(picture: Picture) -> bool:
    """Have the shortlist looked at when nobody has yet: without rivals there is nothing to choose by.

    Returns whether a worker was asked now.
    """
    services, store, choice = bootstrap.web(), picture.store, picture.choice
    if store is None or choice.is_looking or choice.looked >= choice.shortlist:
        return False
    async with services.db.write() as tx:
        actor, now = session.current_actor(), services.clock.now()
        return await trial.ask_to_look(tx, actor, store.id, now)
