"""SQL of differences and lines as the page shows them; the owner is checked on the report."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlmodel import col

from cube_demper.db.columns import left_out
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics.payouts.errors import DifferenceNotFound
from cube_demper.domain.economics.payouts.queries import own_reports
from cube_demper.domain.economics.payouts.schemas import ROWS_SHOWN, DifferenceFilter
from cube_demper.models.payouts import DifferenceKind, PayoutDifference, PayoutLine, PayoutReport

_BATCH = 1_000


def _chosen(report_id: UUID, view: DifferenceFilter) -> list[Any]:
    resolved_at = col(PayoutDifference.resolved_at)
    conditions: list[Any] = [col(PayoutDifference.report_id) == report_id]
    if view.is_resolved is not None:
        conditions.append(resolved_at.is_not(None) if view.is_resolved else resolved_at.is_(None))
    if view.kind is not None:
        conditions.append(col(PayoutDifference.kind) == view.kind)
    if view.search:
        code = col(PayoutDifference.order_code)
        conditions.append(code.startswith(view.search, autoescape=True))
    return conditions


def _by_weight(report_id: UUID, view: DifferenceFilter) -> Select[PayoutDifference]:
    return (
        select(PayoutDifference)
        .where(*_chosen(report_id, view))
        .order_by(
            func.abs(col(PayoutDifference.amount)).desc(),
            col(PayoutDifference.number),
            col(PayoutDifference.id),
        )
    )


async def count_differences(tx: ReadTx, report_id: UUID, view: DifferenceFilter) -> int:
    """Count the differences of a filter."""
    return await tx.scalar(select(func.count()).where(*_chosen(report_id, view))) or 0


async def list_differences(
    tx: ReadTx, report_id: UUID, view: DifferenceFilter, page: int
) -> Sequence[PayoutDifference]:
    """Return one page of differences, the dearest first."""
    rows = await tx.scalars(
        _by_weight(report_id, view).limit(ROWS_SHOWN).offset((page - 1) * ROWS_SHOWN)
    )
    return rows.all()


async def stream_differences(
    tx: ReadTx, report_id: UUID, view: DifferenceFilter
) -> AsyncIterator[Sequence[PayoutDifference]]:
    """Yield all differences of a filter, a thousand at a time, the dearest first."""
    at = 0
    while True:
        rows = (await tx.scalars(_by_weight(report_id, view).limit(_BATCH).offset(at))).all()
        if not rows:
            return
        yield rows
        at += len(rows)
        tx.expunge_all()


async def get_difference(
    tx: ReadTx, actor: Actor, difference_id: UUID, *, lock: bool = False
) -> PayoutDifference:
    """Return a difference of the actor's. Raises DifferenceNotFound."""
    statement = (
        select(PayoutDifference)
        .join(PayoutReport, col(PayoutReport.id) == col(PayoutDifference.report_id))
        .where(col(PayoutDifference.id) == difference_id, own_reports(actor))
    )
    locked = statement.with_for_update(of=PayoutDifference) if lock else statement
    found = await tx.scalar(locked)
    if found is None:
        raise DifferenceNotFound
    return found


async def resolve_kind(tx: WriteTx, report_id: UUID, kind: DifferenceKind, now: datetime) -> int:
    """Settle all open differences of a kind; return how many."""
    rows = await tx.scalars(
        update(PayoutDifference)
        .where(
            col(PayoutDifference.report_id) == report_id,
            col(PayoutDifference.kind) == kind,
            col(PayoutDifference.resolved_at).is_(None),
        )
        .values(resolved_at=now)
        .returning(col(PayoutDifference.id))
    )
    return len(rows.all())


async def find_line(tx: ReadTx, report_id: UUID, number: int) -> PayoutLine | None:
    """Return one line of a report."""
    return await tx.scalar(
        select(PayoutLine).where(
            col(PayoutLine.report_id) == report_id, col(PayoutLine.number) == number
        )
    )


async def list_lines(
    tx: ReadTx, report_id: UUID, search: str, page: int
) -> tuple[Sequence[PayoutLine], int]:
    """Return one page of lines that are as expected, in the file's order, and how many there are."""
    conditions = [col(PayoutLine.report_id) == report_id, col(PayoutLine.is_fine)]
    if search:
        conditions.append(col(PayoutLine.order_code).startswith(search, autoescape=True))
    rows = await tx.scalars(
        select(PayoutLine)
        .options(left_out(PayoutLine.raw))
        .where(*conditions)
        .order_by(col(PayoutLine.number))
        .limit(ROWS_SHOWN)
        .offset((page - 1) * ROWS_SHOWN)
    )
    total = await tx.scalar(select(func.count()).where(*conditions)) or 0
    return rows.all(), total
