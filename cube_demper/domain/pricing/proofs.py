"""What sellers are told of their sends: how soon prices are seen in the window, which never were."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.pricing import proof_queries
from cube_demper.domain.pricing.proof import NotShown

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoreProof:
    """One store's sends of a day.

    `usual`: the median of how long they took until a look showed them; the price was there by then,
    perhaps sooner. `not_shown`: those that Kaspi took twice, never showed, and no later send has mended.
    """

    seen: int = 0
    usual: timedelta | None = None
    not_shown: tuple[NotShown, ...] = ()


async def store_proofs(tx: ReadTx, actor: Actor, now: datetime) -> dict[UUID, StoreProof]:
    """Return the proof of each of the actor's stores that sent anything within a day."""
    seen = await proof_queries.seen_since(tx, actor.owner_id, now - DAY)
    missing: defaultdict[UUID, list[NotShown]] = defaultdict(list)
    for row in await proof_queries.not_shown_since(tx, actor.owner_id, now - DAY):
        missing[row.store_id].append(row)
    return {
        store: StoreProof(*seen.get(store, (0, None)), tuple(missing[store]))
        for store in {*seen, *missing}
    }
