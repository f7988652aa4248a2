"""Telling a seller that an action did not come to its end: one notice an order, or one a selection."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.orders.doing import working_queries as queries
from cube_demper.domain.orders.doing.schemas import Errand
from cube_demper.domain.orders.doing.words import FAILED, refusal_words
from cube_demper.models.doing import ActionKind, ActionRefusal

_AT_THE_COUNTER: Final = frozenset({ActionKind.SEND_CODE, ActionKind.COMPLETE})
"""Whoever typed the code looks at the order: a notice would say it a second time."""


async def tell_refusal(
    tx: WriteTx, errand: Errand, refusal: ActionRefusal, said: str, now: datetime
) -> None:
    """Tell of a refusal; of a selection's, in one notice that grows."""
    kind = errand.asked.kind
    if kind in _AT_THE_COUNTER:
        return
    if errand.batch_id is None:
        tell = _tell(
            errand,
            f"{FAILED[kind]}: заказ {errand.code}",
            refusal_words(refusal, said),
            f"/orders/{errand.order_id}",
            str(errand.id),
        )
        await notifications.notify(tx, SYSTEM, tell)
        return
    count = await queries.count_refused(tx, errand.batch_id)
    title = f"{FAILED[kind]}: заказ {errand.code}"
    if count > 1:
        title = f"{FAILED[kind]}: заказ {errand.code} и ещё {count - 1}"
    link = f"/orders?batch={errand.batch_id}"
    tell = _tell(errand, title, refusal_words(refusal, said), link, str(errand.batch_id))
    await notifications.retell(tx, SYSTEM, tell, now)


def _tell(errand: Errand, title: str, body: str, link: str, key: str) -> Tell:
    return Tell(
        user_id=errand.user_id,
        store_id=errand.store_id,
        kind="order_not_done",
        title=title,
        body=body,
        link=link,
        dedupe_key=f"order_not_done:{key}",
    )
