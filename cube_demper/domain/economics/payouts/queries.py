"""SQL of payout reports; everything of a seller is filtered by the owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from cube_demper.db.columns import left_out
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics.payouts.errors import ReportNotFound
from cube_demper.domain.economics.payouts.schemas import (
    REPORTS_SHOWN,
    KindTotal,
    Sums,
)
from cube_demper.models.payouts import (
    DifferenceKind,
    PayoutDifference,
    PayoutLayout,
    PayoutLine,
    PayoutReport,
    PayoutStatus,
)
from cube_demper.models.stores import KaspiStore

_PIECE = 2**20


def own_reports(actor: Actor) -> Any:
    """Choose the reports of the actor's stores."""
    stores = select(col(KaspiStore.id)).where(col(KaspiStore.user_id) == actor.owner_id)
    return col(PayoutReport.store_id).in_(stores)


async def get_report(
    tx: ReadTx, actor: Actor, report_id: UUID, *, lock: bool = False
) -> PayoutReport:
    """Return a report of the actor without its file. Raises ReportNotFound."""
    statement = (
        select(PayoutReport)
        .where(col(PayoutReport.id) == report_id, own_reports(actor))
        .options(left_out(PayoutReport.content))
        .execution_options(populate_existing=True)
    )
    found = await tx.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise ReportNotFound
    return found


async def stream_content(tx: ReadTx, report_id: UUID) -> AsyncIterator[bytes]:
    """Yield the file a piece at a time. Raises ReportNotFound when it is no longer kept."""
    at = 1
    while True:
        piece = await tx.scalar(
            select(func.substring(col(PayoutReport.content), at, _PIECE)).where(
                col(PayoutReport.id) == report_id
            )
        )
        if piece is None:
            raise ReportNotFound
        if not piece:
            return
        yield piece
        at += _PIECE


async def add_report(tx: WriteTx, report: PayoutReport) -> UUID:
    """Write a report; return the one that has the same file already, if there is."""
    values = report.model_dump(exclude={"created_at", "updated_at"})
    await tx.execute(
        upsert(PayoutReport)
        .values(**values, created_at=report.created_at)
        .on_conflict_do_nothing(index_elements=["store_id", "file_hash"])
    )
    found = await tx.scalar(
        select(col(PayoutReport.id)).where(
            col(PayoutReport.store_id) == report.store_id,
            col(PayoutReport.file_hash) == report.file_hash,
        )
    )
    return found or report.id


async def list_reports(tx: ReadTx, actor: Actor) -> Sequence[tuple[PayoutReport, str]]:
    """Return the actor's last reports with their stores' names, newest first."""
    rows = await tx.execute(
        select(PayoutReport, col(KaspiStore.name))
        .join(KaspiStore, col(KaspiStore.id) == col(PayoutReport.store_id))
        .where(col(KaspiStore.user_id) == actor.owner_id)
        .order_by(col(PayoutReport.created_at).desc(), col(PayoutReport.id))
        .limit(REPORTS_SHOWN)
        .options(left_out(PayoutReport.content))
    )
    return [(report, name) for report, name in rows]


async def store_name(tx: ReadTx, store_id: UUID) -> str:
    """Return the name of a store."""
    found = select(col(KaspiStore.name)).where(col(KaspiStore.id) == store_id)
    return await tx.scalar(found) or ""


async def kind_totals(
    tx: ReadTx, report_ids: Collection[UUID]
) -> dict[UUID, tuple[KindTotal, ...]]:
    """Return what the differences of reports add up to, by kind."""
    amount, is_open = col(PayoutDifference.amount), col(PayoutDifference.resolved_at).is_(None)
    rows = await tx.execute(
        select(
            col(PayoutDifference.report_id),
            col(PayoutDifference.kind),
            func.count(),
            func.count().filter(is_open),
            func.coalesce(func.sum(amount).filter(is_open, amount > 0), 0),
            func.coalesce(func.sum(-amount).filter(is_open, amount < 0), 0),
        )
        .where(col(PayoutDifference.report_id).in_(report_ids))
        .group_by(col(PayoutDifference.report_id), col(PayoutDifference.kind))
    )
    totals: dict[UUID, dict[str, KindTotal]] = defaultdict(dict)
    for report_id, kind, count, still, short, over in rows:
        known = DifferenceKind(kind)
        totals[report_id][kind] = KindTotal(known, count, still, int(short), int(over))
    return {
        report_id: tuple(found[kind] for kind in DifferenceKind if kind in found)
        for report_id, found in totals.items()
    }


async def sums(tx: ReadTx, report_id: UUID) -> Sums:
    """Return what the lines of a report add up to."""
    line = PayoutLine
    row = await tx.execute(
        select(
            func.coalesce(func.sum(col(line.gross)), 0),
            func.coalesce(func.sum(col(line.commission) + col(line.kaspi_pay)), 0),
            func.coalesce(func.sum(col(line.delivery)), 0),
            func.coalesce(func.sum(col(line.bonus)), 0),
            func.coalesce(func.sum(col(line.net)), 0),
            func.count().filter(col(line.is_fine)),
        ).where(col(line.report_id) == report_id)
    )
    return Sums(*(int(it) for it in row.one()))


async def move(
    tx: WriteTx,
    report_id: UUID,
    from_: PayoutStatus,
    *,
    to: PayoutStatus | None = None,
    **values: Any,
) -> bool:
    """Write figures of a report, and perhaps its next status; False when it is not in `from_`."""
    moved = await tx.scalar(
        update(PayoutReport)
        .where(col(PayoutReport.id) == report_id, col(PayoutReport.status) == from_)
        .values(status=to or from_, **values)
        .returning(col(PayoutReport.id))
    )
    return moved is not None


async def begin_again(tx: WriteTx, report_id: UUID, content: bytes) -> bool:
    """Have a report read that was refused or cancelled; False when it is neither."""
    moved = await tx.scalar(
        update(PayoutReport)
        .where(
            col(PayoutReport.id) == report_id,
            col(PayoutReport.status).in_((PayoutStatus.REFUSED, PayoutStatus.CANCELLED)),
        )
        .values(status=PayoutStatus.READING, content=content, note="", total=0, done=0)
        .returning(col(PayoutReport.id))
    )
    return moved is not None


async def go_on(tx: WriteTx, report_id: UUID) -> bool:
    """Have a cancelled report go on where it was stopped; False when it is not cancelled."""
    is_unread = col(PayoutReport.content).is_not(None)
    step = case((is_unread, PayoutStatus.READING.value), else_=PayoutStatus.MATCHING.value)
    moved = await tx.scalar(
        update(PayoutReport)
        .where(col(PayoutReport.id) == report_id, col(PayoutReport.status) == "cancelled")
        .values(status=step, done=0)
        .returning(col(PayoutReport.id))
    )
    return moved is not None


async def delete_report(tx: WriteTx, report_id: UUID) -> None:
    """Delete a report with its lines and differences."""
    await tx.execute(delete(PayoutReport).where(col(PayoutReport.id) == report_id))


async def forget_lines(tx: WriteTx, report_id: UUID) -> None:
    """Delete the lines of a reading that begins again."""
    await tx.execute(delete(PayoutLine).where(col(PayoutLine.report_id) == report_id))


async def add_lines(tx: WriteTx, rows: Sequence[dict[str, Any]]) -> None:
    """Keep lines."""
    await tx.execute(insert(PayoutLine), rows)


async def count_lines(tx: ReadTx, report_id: UUID) -> int:
    """Count the lines of a report."""
    found = select(func.count()).where(col(PayoutLine.report_id) == report_id)
    return await tx.scalar(found) or 0


async def layout_of(tx: ReadTx, store_id: UUID) -> dict[str, str]:
    """Return the columns that a store's seller once chose, field → heading."""
    found = select(col(PayoutLayout.columns)).where(col(PayoutLayout.store_id) == store_id)
    return await tx.scalar(found) or {}


async def remember_layout(tx: WriteTx, store_id: UUID, columns: dict[str, str]) -> None:
    """Keep a choice of columns for the next reports of a store."""
    statement = upsert(PayoutLayout).values(store_id=store_id, columns=columns)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["store_id"], set_={"columns": statement.excluded.columns}
        )
    )
