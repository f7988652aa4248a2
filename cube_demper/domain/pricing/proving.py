"""Looks of any kind prove sends: the first one that shows a sent price confirms it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cube_demper.db.session import WriteTx
from cube_demper.domain.pricing import queries, send_queries
from cube_demper.domain.pricing.work import CityOutcome, OpenSend
from cube_demper.models.pricing import PriceStatus

_NOT_MISSED = (PriceStatus.SENDING, PriceStatus.QUEUED)


async def prove(tx: WriteTx, sends: Iterable[OpenSend], city: CityOutcome) -> None:
    """Take in what an ordinary look says of the sends of its product and city.

    A send that is still being made, which Kaspi may refuse yet, is not missed. One that waits for its
    second try may be seen after all.
    """
    decision, seen_at = city.decision, city.market.seen_at
    if not decision.is_window_seen:
        return
    looked_for = [send for send in sends if _is_before(send, seen_at)]
    seen = [send.id for send in looked_for if send.target == decision.window_price]
    missed = [
        send.id
        for send in looked_for
        if send.target != decision.window_price and send.status not in _NOT_MISSED
    ]
    if seen:
        await queries.confirm(tx, seen, seen_at)
    if missed:
        await send_queries.mark_unseen(tx, missed, seen_at)


def _is_before(send: OpenSend, seen_at: datetime) -> bool:
    return send.sent_at is not None and send.sent_at < seen_at
