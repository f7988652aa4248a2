"""A stock change on its way, in the transactions of the sends that carry it. Used by the price bot.

Like a price it is committed as `sending` before the call, and its outcome is proved by a later reading
of the cabinet. At most one change a product is on its way: a newer one takes the older one's edits in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog.schemas import Availability
from cube_demper.domain.pricing.proof import USUAL_LOOKS, next_look_at
from cube_demper.domain.supply import queries, rules
from cube_demper.domain.supply.schemas import DueProof, OpenSupply
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.supply import SupplyChange

UNKNOWN_PROOF_AFTER = timedelta(seconds=120)
ATTEMPTS = 2
_NEVER_SHOWN = "Kaspi принял изменение, но в кабинете его не видно. Проверьте товар в кабинете."
_TAKEN_IN = "Отправлено вместе с новым изменением."


async def stores_waiting(tx: ReadTx, actor: Actor, now: datetime) -> list[UUID]:
    """Return the stores with a change to send or to prove now. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    return await queries.stores_waiting(tx, now)


async def next_queued(
    tx: ReadTx, store_id: UUID, now: datetime, limit: int
) -> list[tuple[UUID, str]]:
    """Return (product, SKU) of changes that may be tried now."""
    return await queries.next_queued(tx, store_id, now, limit)


async def due_proofs(tx: ReadTx, store_id: UUID, now: datetime, limit: int) -> list[DueProof]:
    """Return changes that should be seen in the cabinet by now."""
    return await queries.list_due_proofs(tx, store_id, now, limit)


async def open_supply(tx: WriteTx, product_ids: Sequence[UUID]) -> dict[UUID, OpenSupply]:
    """Return what of these products the cabinet does not show yet; the rows stay locked."""
    found: dict[UUID, OpenSupply] = {}
    for product_id, rows in (await _open_rows(tx, product_ids)).items():
        edits = rules.combine({}, {})
        for row in rows:
            edits = rules.combine(edits, row.edits)
        is_waiting = any(row.status == PriceStatus.QUEUED for row in rows)
        found[product_id] = OpenSupply(edits, is_waiting)
    return found


async def take(tx: WriteTx, product_id: UUID, send_id: UUID, now: datetime) -> None:
    """Commit the waiting change of a product as `sending` with this send."""
    rows = (await _open_rows(tx, [product_id])).get(product_id, [])
    waiting = [row for row in rows if row.status == PriceStatus.QUEUED]
    if not waiting:
        return
    change = waiting[0]
    for older in rows:
        if older is not change:
            _take_in(change, older)
    change.status, change.send_id, change.sent_at = PriceStatus.SENDING, send_id, now
    change.confirm_at, change.note = now + UNKNOWN_PROOF_AFTER, None
    change.attempt += 1
    await tx.flush()


async def put_off(tx: WriteTx, product_id: UUID, until: datetime, note: str | None) -> None:
    """Let a waiting change wait until then, saying why."""
    for row in (await _open_rows(tx, [product_id])).get(product_id, []):
        if row.status == PriceStatus.QUEUED:
            row.try_at, row.note = until, note
    await tx.flush()


async def give_up(tx: WriteTx, product_id: UUID, note: str) -> None:
    """Refuse a waiting change, saying why."""
    for row in (await _open_rows(tx, [product_id])).get(product_id, []):
        if row.status == PriceStatus.QUEUED:
            row.status, row.note = PriceStatus.REFUSED, note
    await tx.flush()


async def accepted(tx: WriteTx, send_ids: Sequence[UUID]) -> None:
    """Kaspi took these sends: what they carry waits to be seen."""
    for row in await queries.lock_sent_in(tx, send_ids):
        row.status = PriceStatus.SENT
        row.confirm_at = row.sent_at + USUAL_LOOKS[0] if row.sent_at else None
    await tx.flush()


async def outcome_unknown(tx: WriteTx, send_ids: Sequence[UUID], note: str) -> None:
    """Nobody knows whether Kaspi took these sends: the cabinet will tell."""
    for row in await queries.lock_sent_in(tx, send_ids):
        row.status, row.note = PriceStatus.UNKNOWN, note
    await tx.flush()


async def not_sent(tx: WriteTx, send_ids: Sequence[UUID]) -> None:
    """The call never reached Kaspi: back into the queue, nothing was tried."""
    for row in await queries.lock_sent_in(tx, send_ids):
        row.attempt -= 1
        row.send_id = row.sent_at = None
        await _requeue(tx, row)


async def refused(tx: WriteTx, send_ids: Sequence[UUID], note: str) -> None:
    """Kaspi said no."""
    for row in await queries.lock_sent_in(tx, send_ids):
        row.status, row.note, row.confirm_at = PriceStatus.REFUSED, note, None
    await tx.flush()


async def prove(
    tx: WriteTx,
    proofs: Sequence[DueProof],
    shown: Mapping[str, tuple[Availability, ...]],
    now: datetime,
) -> None:
    """Compare changes with what the cabinet shows by SKU; what is missing there proves nothing.

    Seen: `confirmed`. Not seen: looked for again, then one new attempt, then `refused`.
    """
    skus = {proof.id: proof.sku for proof in proofs}
    for row in await queries.lock_in_flight(tx, list(skus)):
        rows = shown.get(skus[row.id])
        if rows is not None and rules.is_shown(rows, row.edits, row.before):
            row.status, row.confirmed_at = PriceStatus.CONFIRMED, now
            row.confirm_at, row.note = None, None
        elif (again := _look_again(row, now)) is not None:
            row.confirm_at = again
        elif row.attempt < ATTEMPTS:
            row.try_at = now
            await _requeue(tx, row)
        else:
            row.status, row.note, row.confirm_at = PriceStatus.REFUSED, _NEVER_SHOWN, None
        owner = await queries.owner_of(tx, row.store_id)
        tx.emit(f"user:{owner}", "product", row.product_id)
    await tx.flush()


def _look_again(row: SupplyChange, now: datetime) -> datetime | None:
    """Say when to look again; a send of unknown outcome is looked for once only."""
    if row.status != PriceStatus.SENT or row.sent_at is None:
        return None
    return next_look_at(row.sent_at, now)


async def _requeue(tx: WriteTx, row: SupplyChange) -> None:
    """Queue a change again; when a newer one waits already, that one takes it in.

    What was sent stays in the row: Kaspi has counted it.
    """
    rows = (await _open_rows(tx, [row.product_id])).get(row.product_id, [])
    newer = next((it for it in rows if it.status == PriceStatus.QUEUED), None)
    if newer is not None:
        _take_in(newer, row)
    else:
        row.status, row.confirm_at = PriceStatus.QUEUED, None
    await tx.flush()


def _take_in(newer: SupplyChange, older: SupplyChange) -> None:
    newer.edits = rules.combine(older.edits, newer.edits)
    newer.before = rules.combine(newer.before, older.before)
    older.status, older.note, older.confirm_at = PriceStatus.SUPERSEDED, _TAKEN_IN, None


async def _open_rows(tx: WriteTx, product_ids: Sequence[UUID]) -> dict[UUID, list[SupplyChange]]:
    found: dict[UUID, list[SupplyChange]] = defaultdict(list)
    for row in await queries.list_open(tx, product_ids, lock=True):
        found[row.product_id].append(row)
    return found
