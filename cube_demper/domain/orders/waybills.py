"""Waybills of a selection in one file: asked for, made by a worker, taken for a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import InvalidInput, NotFound, PermissionDenied
from cube_demper.db import outbox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.orders import waybill_queries as queries
from cube_demper.domain.orders.doing import rules
from cube_demper.domain.orders.doing.queries import list_standing
from cube_demper.domain.orders.doing.selections import Selection, chosen_ids
from cube_demper.domain.orders.doing.service import standing_of
from cube_demper.domain.orders.waybill_schemas import (
    PrintJob,
    PrintView,
    WantedWaybill,
    WhyMissing,
)
from cube_demper.models.doing import LabelLayout, PrintStatus, WaybillPrint
from cube_demper.models.staff import Area

TOPIC: Final = "orders.waybills"
KEPT_FOR: Final = timedelta(days=1)


async def count(
    tx: ReadTx, actor: Actor, selection: Selection, *, secrets: SecretBox
) -> tuple[int, int]:
    """Return how many orders of a selection have a waybill, and of how many. Raises LimitReached."""
    ids = await chosen_ids(tx, actor, selection, secrets=secrets)
    rows = await list_standing(tx, actor, ids)
    return sum(rules.has_waybill(standing_of(row)) for row in rows), len(rows)


async def start(
    tx: WriteTx,
    actor: Actor,
    selection: Selection,
    layout: LabelLayout,
    *,
    secrets: SecretBox,
    now: datetime,
) -> UUID:
    """Ask for the waybills of the actor's orders; return the file's id.

    Raises PermissionDenied, LimitReached, InvalidInput when none of them is the actor's.
    """
    actor.require(Area.ORDERS)
    ids = await chosen_ids(tx, actor, selection, secrets=secrets)
    mine = {row.id for row in await list_standing(tx, actor, ids)}
    chosen = [str(it) for it in ids if it in mine]
    if not chosen:
        raise InvalidInput("Отметьте хотя бы один заказ.")
    row = WaybillPrint(
        owner_id=actor.owner_id, layout=layout, order_ids=chosen, total=len(chosen), created_at=now
    )
    tx.add(row)
    await tx.flush()
    await outbox.enqueue(tx, TOPIC, row.id, {"print_id": str(row.id)}, now)
    await audit.record(tx, actor, "waybills_printed", "order", row.id, orders=len(chosen))
    return row.id


async def get(tx: ReadTx, actor: Actor, print_id: UUID) -> PrintView:
    """Return how a file stands. Raises NotFound, for somebody else's too."""
    row = await queries.find(tx, print_id, actor.owner_id)
    if row is None:
        raise NotFound("Такого файла нет.")
    return _view(row)


async def take(
    tx: ReadTx, actor: Actor, print_id: UUID, *, secrets: SecretBox, now: datetime
) -> bytes:
    """Return the file. Raises PermissionDenied, NotFound when it is gone or not the actor's."""
    actor.require(Area.ORDERS)
    row = await queries.find(tx, print_id, actor.owner_id, with_file=True)
    if row is None or row.pdf is None or row.expires_at is None or row.expires_at <= now:
        raise NotFound("Файл устарел: накладные хранятся сутки. Соберите его ещё раз.")
    return secrets.open(row.pdf)


async def find_job(
    tx: ReadTx, actor: Actor, print_id: UUID, *, secrets: SecretBox
) -> PrintJob | None:
    """Return a file that is still to be made."""
    _only_system(actor)
    row = await queries.find(tx, print_id)
    if row is None or row.status != PrintStatus.MAKING:
        return None
    found = await queries.list_wanted(tx, [UUID(it) for it in row.order_ids], row.owner_id)
    wanted = [
        WantedWaybill(
            order_id=order.id,
            code=order.code,
            store_id=order.store_id,
            merchant_id=order.merchant_id,
            is_packed=rules.has_waybill(standing_of(order)),
            url=order.waybill_url,
            token=secrets.decrypt(order.token) if order.token and order.has_token else "",
            cookies=str(order.guid.get("cookies") or "") if order.has_session else "",
        )
        for order in found
    ]
    place = {it: number for number, it in enumerate(row.order_ids)}
    wanted.sort(key=lambda it: place[str(it.order_id)])
    return PrintJob(row.id, row.owner_id, LabelLayout(row.layout), wanted)


async def note_progress(tx: WriteTx, actor: Actor, job: PrintJob, fetched: int) -> None:
    """Note how many waybills are here."""
    _only_system(actor)
    await queries.update_print(tx, job.id, {"fetched": fetched})
    tx.emit(f"user:{job.owner_id}", "waybills", job.id)


async def finish(
    tx: WriteTx,
    actor: Actor,
    job: PrintJob,
    pdf: bytes,
    missing: Mapping[str, WhyMissing],
    *,
    pages: int,
    secrets: SecretBox,
    now: datetime,
) -> None:
    """Keep the file for a day; without a page in it, say so."""
    _only_system(actor)
    values = {
        "status": PrintStatus.READY if pages else PrintStatus.FAILED,
        "missing": [{"code": code, "why": why} for code, why in missing.items()],
        "fetched": len(job.wanted) - len(missing),
        "pages": pages,
        "pdf": secrets.seal(pdf) if pages else None,
        "ready_at": now,
        "expires_at": now + KEPT_FOR,
    }
    await queries.update_print(tx, job.id, values)
    tx.emit(f"user:{job.owner_id}", "waybills", job.id)


async def forget_expired(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Delete files older than a day: they name buyers. Raises PermissionDenied."""
    _only_system(actor)
    await queries.forget_expired(tx, now)


def _view(row: WaybillPrint) -> PrintView:
    return PrintView(
        id=row.id,
        layout=LabelLayout(row.layout),
        status=PrintStatus(row.status),
        total=row.total,
        fetched=row.fetched,
        pages=row.pages,
        missing=[(it["code"], WhyMissing(it["why"])) for it in row.missing],
        expires_at=row.expires_at,
        created_at=row.created_at,
    )


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
