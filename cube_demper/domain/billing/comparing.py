"""A day of the gateway against ours: what is there and not here, here and not there, or of another sum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain
from typing import Final

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import gateway_queries
from cube_demper.domain.billing.access import operator_only
from cube_demper.domain.billing.gateway import Transaction, TransactionStatus
from cube_demper.domain.billing.till import Till
from cube_demper.models.gateway import EventStanding

_MOST: Final = 10_000
_DAY: Final = timedelta(days=1)


class DifferenceKind(StrEnum):
    """What is wrong with a transaction."""

    NOT_OURS = "not_ours"
    """The gateway took or gave money, and we know nothing of it."""
    NOT_THERE = "not_there"
    """We hold money for paid that the gateway does not show."""
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Difference:
    """One transaction; sums in tiyn, None where there is none."""

    kind: DifferenceKind
    transaction_id: str
    invoice_id: str
    there: int | None
    here: int | None
    is_refund: bool = False


async def compare_day(till: Till, actor: Actor, day: date) -> list[Difference]:
    """Compare a day of UTC. Raises PermissionDenied, and IntegrationError of the gateway."""
    operator_only(actor)
    listed = await till.gateway.list_day(day)
    there = {it.id: it for it in listed if it.status is TransactionStatus.COMPLETED}
    async with till.db.read() as tx:
        not_here = await _not_here(tx, there)
        not_there = await _not_there(tx, there, day)
    if not_there:  # what was begun before midnight and paid after it is listed by another day
        around = [await till.gateway.list_day(day + it * _DAY) for it in (-1, 1)]
        elsewhere = {it.id for it in chain.from_iterable(around)}
        not_there = [it for it in not_there if it.transaction_id not in elsewhere]
    return not_here + not_there


async def _not_here(tx: ReadTx, there: dict[str, Transaction]) -> list[Difference]:
    known = await gateway_queries.known_transactions(tx, list(there))
    found = []
    for it in there.values():
        here = known.get(it.id)
        if here is None or here != it.amount:
            kind = DifferenceKind.NOT_OURS if here is None else DifferenceKind.SUM
            found.append(
                Difference(kind, it.id, it.invoice_id, it.amount, here, is_refund=it.is_refund)
            )
    return found


async def _not_there(tx: ReadTx, there: dict[str, Transaction], day: date) -> list[Difference]:
    start = datetime.combine(day, time(), UTC)
    rows = await gateway_queries.list_paid_by_card(tx, start, start + _DAY, _MOST)
    return [
        Difference(
            DifferenceKind.NOT_THERE, row.gateway_transaction_id, row.invoice_id, None,
            row.amount - row.from_balance,
        )
        for row in rows
        if row.gateway_transaction_id and row.gateway_transaction_id not in there
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Doubts:
    """Webhooks that need a person, by reason."""

    refused: dict[str, int]
    waiting: dict[str, int]


async def gateway_doubts(tx: ReadTx, actor: Actor, *, since: datetime) -> Doubts:
    """Count webhooks since then that were refused, or wait for their payment. Raises PermissionDenied."""
    operator_only(actor)
    return Doubts(
        await gateway_queries.count_events(tx, EventStanding.REFUSED, since),
        await gateway_queries.count_events(tx, EventStanding.WAITING, since),
    )
