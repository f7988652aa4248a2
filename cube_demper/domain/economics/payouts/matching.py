"""One matching: all lines of a report against the store's orders, in one transaction, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cube_demper.db import outbox
from cube_demper.db.session import Database, ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.economics.payouts import match_queries, order_queries, queries, rules
from cube_demper.domain.economics.payouts.errors import Dropped
from cube_demper.domain.economics.payouts.facts import Difference, Elsewhere, Frame, Verdict
from cube_demper.domain.economics.payouts.heads import Field
from cube_demper.domain.economics.payouts.match_queries import LineRow, LineVerdict, Mark
from cube_demper.domain.economics.payouts.order_facts import almaty_day, facts_of
from cube_demper.domain.economics.payouts.schemas import EVENT, TOPIC
from cube_demper.domain.economics.payouts.sums import Judge
from cube_demper.domain.economics.payouts.tariff import Rater
from cube_demper.domain.rates import service as rates
from cube_demper.models.orders import OrderStatus
from cube_demper.models.payouts import PayoutReport, PayoutStatus

_NOTHING_KNOWN = Elsewhere()


async def match(db: Database, actor: Actor, report: PayoutReport, now: datetime) -> None:
    """Name all differences of a report anew; what the seller settled stays so while it is the same sum."""
    async with db.write() as tx:
        await match_queries.lock_report(tx, report.id)
        run = _Run(db, tx, actor, report, await match_queries.take_marks(tx, report.id))
        judge = await _judge(tx, report, almaty_day(now))
        await run.lines(judge)
        await run.orders(judge)
        await run.total()
        figures = {"matched_at": now, "done": run.done, "note": await _note(tx, report)}
        was, ready = PayoutStatus.MATCHING, PayoutStatus.READY
        if not await queries.move(tx, report.id, was, to=ready, **figures):
            raise Dropped
        for stale in await match_queries.stale_reports(tx, report):
            await ask_again(tx, actor, stale, now)
        tx.emit(f"user:{actor.owner_id}", EVENT, report.id)


async def ask_again(tx: WriteTx, actor: Actor, report_id: UUID, now: datetime) -> bool:
    """Have a ready report matched once more; False when it is not ready."""
    was, to = PayoutStatus.READY, PayoutStatus.MATCHING
    if not await queries.move(tx, report_id, was, to=to, done=0):
        return False
    await ask(tx, actor, report_id, now)
    return True


async def ask(tx: WriteTx, actor: Actor, report_id: UUID, now: datetime) -> None:
    """Give a report to the worker."""
    payload = {"report_id": str(report_id), "user_id": str(actor.owner_id)}
    await outbox.enqueue(tx, TOPIC, f"{report_id}:{now.isoformat()}", payload, now)
    tx.emit(f"user:{actor.owner_id}", EVENT, report_id)


class _Run:
    """The open transaction of a matching and how far it is."""

    def __init__(
        self,
        db: Database,
        tx: WriteTx,
        actor: Actor,
        report: PayoutReport,
        marks: Mapping[tuple[str, str], Mark],
    ) -> None:
        self._db, self._tx, self._actor, self._report = db, tx, actor, report
        self._marks, self.done = marks, 0

    async def lines(self, judge: Judge) -> None:
        """Judge all lines, the lines of some hundred orders at a time."""
        report, tx = self._report, self._tx
        async for lines in match_queries.stream_lines(tx, report.id):
            orders = await order_queries.orders_of(tx, report.store_id, list(lines))
            others = await match_queries.elsewhere(tx, report, list(lines))
            verdicts: list[LineVerdict] = []
            named: list[Difference] = []
            for code, rows in lines.items():
                order = facts_of(*orders[code]) if code in orders else None
                known = others.get(code, _NOTHING_KNOWN)
                verdict = rules.judge_lines([it for _, it in rows], order, known, judge)
                named += verdict.differences
                verdicts += _verdicts(rows, verdict)
            await match_queries.write_verdicts(tx, verdicts)
            await self._keep(named)
            tx.expunge_all()
            self.done += len(verdicts)
            await self._progress()

    async def orders(self, judge: Judge) -> None:
        """Name orders that should have been in the report and are in none."""
        report, tx = self._report, self._tx
        if report.period_from is None:
            return
        for status in (OrderStatus.COMPLETED, OrderStatus.RETURNED):
            after: UUID | None = None
            while found := await order_queries.ended_orders(tx, report, status, after):
                facts = [facts_of(*it) for it in found.values()]
                if status is OrderStatus.COMPLETED:
                    unpaid = (rules.judge_unpaid(it, judge) for it in facts)
                    await self._keep([it for it in unpaid if it is not None])
                else:
                    paid = await match_queries.paid_elsewhere(tx, report, list(found))
                    await self._keep(
                        [rules.judge_not_taken_back(it, paid.get(it.code, 0)) for it in facts]
                    )
                after = max(order.id for order, _ in found.values())
                tx.expunge_all()

    async def total(self) -> None:
        """Hold the total that the file states against its lines."""
        report = self._report
        gross, net, troubled = await match_queries.sums_of(self._tx, report.id)
        if report.stated_total is None or troubled:
            return
        is_net = report.is_total_net
        found = rules.judge_total(net if is_net else gross, report.stated_total, is_net=is_net)
        await self._keep([found] if found else [])

    async def _keep(self, named: Iterable[Difference]) -> None:
        unique = {(it.kind.value, it.subject): it for it in reversed(list(named))}
        rows = [self._row(it) for it in unique.values()]
        await match_queries.add_differences(self._tx, rows)

    def _row(self, difference: Difference) -> dict[str, Any]:
        mark = self._marks.get((difference.kind.value, difference.subject))
        is_same = mark is not None and mark[2] == difference.amount
        return {
            "report_id": self._report.id,
            "kind": difference.kind,
            "subject": difference.subject,
            "number": difference.number,
            "order_code": difference.order_code,
            "ours": difference.ours,
            "theirs": difference.theirs,
            "amount": difference.amount,
            "is_estimate": difference.is_estimate,
            "facts": dict(difference.facts),
            "resolved_at": mark[0] if mark and is_same else None,
            "note": mark[1] if mark and is_same else "",
        }

    async def _progress(self) -> None:
        """Tell how far the open transaction is, in one of its own. Raises Dropped when it is deleted."""
        async with self._db.write() as tx:
            status = PayoutStatus.MATCHING
            if not await queries.move(tx, self._report.id, status, done=self.done):
                raise Dropped
            tx.emit(f"user:{self._actor.owner_id}", EVENT, self._report.id)


async def _judge(tx: ReadTx, report: PayoutReport, today: date) -> Judge:
    sample = await match_queries.lines_with_delivery(tx, report.id)
    frame = Frame(
        first=report.period_from or date.min,
        last=report.period_to or date.max,
        today=today,
        is_delivery_in_net=rules.is_delivery_in_net(sample),
        has_delivery=Field.DELIVERY in report.columns,
    )
    return Judge(Rater(await rates.current(tx)), frame)


async def _note(tx: ReadTx, report: PayoutReport) -> str:
    """Say what the seller should know of how far our orders reach."""
    first = await order_queries.first_order_at(tx, report.store_id)
    if first is None:
        return "Заказов этого магазина у нас ещё нет. Когда они загрузятся, сверьте отчёт заново."
    if report.period_from is not None and almaty_day(first) > report.period_from:
        return f"Заказы у нас с {almaty_day(first):%d.%m.%Y}: более ранние строки сверить не с чем."
    return ""


def _verdicts(rows: Sequence[LineRow], verdict: Verdict) -> list[LineVerdict]:
    is_fine = not verdict.differences
    found: list[LineVerdict] = []
    for line_id, line in rows:
        expected = verdict.expected.get(line.number)
        if expected is None:
            found.append((line_id, None, None, False, is_fine))
        else:
            sums = (expected.commission, expected.delivery, expected.is_estimate)
            found.append((line_id, *sums, is_fine))
    return found
