"""Naming how a report and our orders disagree. Pure; money in tiyn, days in Almaty.

Lines are held against orders by the order's number; one order may have several lines, so sums of an
order are compared. Each cause is named once: a line that repeats another is out of all other sums, and
a commission is held against the sum that Kaspi took it from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from cube_demper.domain.economics.payouts.facts import (
    Difference,
    Elsewhere,
    Frame,
    OrderEnd,
    OrderFacts,
    Verdict,
    day_text,
    paid_by,
)
from cube_demper.domain.economics.payouts.parsing import Line
from cube_demper.domain.economics.payouts.sums import Judge
from cube_demper.domain.economics.payouts.tariff import TOLERANCE
from cube_demper.models.payouts import DifferenceKind as Kind
from cube_demper.models.payouts import PayoutOperation

LATE = timedelta(days=3)
"""Orders completed so shortly before the period's end may be paid in the next report."""
_WAITED = 2 * LATE


def is_delivery_in_net(lines: Iterable[Line]) -> bool:
    """Tell whether a report's sums paid out are less delivery: some list it for information only."""
    balance = 0
    for line in lines:
        if line.delivery and line.net is not None and not line.trouble:
            rest = line.gross - line.withheld - line.net
            balance += (abs(rest - line.delivery) <= TOLERANCE) - (abs(rest) <= TOLERANCE)
    return balance >= 0


def judge_lines(
    lines: Sequence[Line], order: OrderFacts | None, elsewhere: Elsewhere, judge: Judge
) -> Verdict:
    """Name the differences of all lines that have one order's number (or of those without any)."""
    verdict = Verdict()
    sound = _sound_lines(lines, judge.frame, verdict)
    if not sound:
        return verdict
    verdict.differences += [_charge(line) for line in sound if _is_charge(line)]
    rest = [it for it in sound if not _is_charge(it)]
    if order is None:
        if rest:
            paid = sum(map(paid_by, rest))
            verdict.differences.append(Difference.of_line(Kind.UNKNOWN_ORDER, rest[0], None, paid))
        return verdict
    sales = [it for it in rest if it.operation is PayoutOperation.PURCHASE]
    returns = [it for it in rest if it.operation is PayoutOperation.RETURN]
    verdict.differences += _early(rest, order)
    is_back = bool(returns) or elsewhere.is_taken_back
    verdict.differences += _end(order, sales, returns, judge.frame, is_back=is_back)
    for group, sign in ((sales, 1), (returns, -1)):
        if group:
            judge.sums(order, group, sign, verdict)
    return verdict


def judge_unpaid(order: OrderFacts, judge: Judge) -> Difference | None:
    """Name a completed order that no report of the store has, and since when it is waited for."""
    frame = judge.frame
    if order.end is not OrderEnd.COMPLETED or order.ended_on is None:
        return None
    if not frame.first <= order.ended_on <= frame.last:
        return None
    waited = frame.today - order.ended_on
    is_late = order.ended_on > frame.last - LATE and waited <= _WAITED
    kind, due = Kind.AWAITED if is_late else Kind.MISSING, judge.left_of(order)
    return Difference(
        kind,
        order.code,
        0,
        order.code,
        due,
        None,
        0 if is_late else due,
        is_estimate=True,
        facts={"since": day_text(order.ended_on), "days": str(waited.days)},
    )


def judge_not_taken_back(order: OrderFacts, paid: int) -> Difference:
    """Name an order that came back in the period, was paid in another report, and was not taken back."""
    facts = {"since": day_text(order.ended_on)}
    code = order.code
    return Difference(Kind.RETURN_MISSING, code, 0, code, 0, paid, -paid, facts=facts)


def judge_total(found: int, total: int, *, is_net: bool) -> Difference | None:
    """Name a total of the file that its own lines do not add up to."""
    if abs(found - total) <= TOLERANCE:
        return None
    facts = {"of": "net" if is_net else "gross"}
    return Difference(Kind.TOTAL, "total", 0, "", found, total, found - total, facts=facts)


def _sound_lines(lines: Sequence[Line], frame: Frame, verdict: Verdict) -> list[Line]:
    """Name what is wrong with lines themselves; return those whose sums can be compared."""
    sound: list[Line] = []
    seen: dict[tuple[object, ...], int] = {}
    named = verdict.differences
    for line in lines:
        first = seen.setdefault(_identity(line), line.number)
        if line.trouble:
            named.append(Difference.of_line(Kind.UNREADABLE, line, trouble=line.trouble))
        elif line.order_code and first != line.number:
            paid = paid_by(line)
            named.append(
                Difference.of_line(Kind.TWICE, line, 0, paid, amount=-paid, first=str(first))
            )
        elif line.currency:
            named.append(Difference.of_line(Kind.CURRENCY, line, currency=line.currency))
        else:
            named += _own_faults(line, frame)
            sound.append(line)
    return sound


def _own_faults(line: Line, frame: Frame) -> list[Difference]:
    faults: list[Difference] = []
    counted = line.gross - line.withheld - (line.delivery if frame.is_delivery_in_net else 0)
    if line.net is not None and abs(counted - line.net) > TOLERANCE:
        short = counted - line.net
        faults.append(Difference.of_line(Kind.LINE_SUM, line, counted, line.net, amount=short))
    day = line.operated_on
    if day and not frame.first <= day <= min(frame.last, frame.today):
        first, last = day_text(frame.first), day_text(frame.last)
        faults.append(Difference.of_line(Kind.DATE, line, on=day_text(day), first=first, last=last))
    return faults


def _early(lines: Sequence[Line], order: OrderFacts) -> list[Difference]:
    """Name the first line that is older than its order and lies within the period."""
    ordered_on = day_text(order.ordered_on)
    early = [it for it in lines if it.operated_on and it.operated_on < order.ordered_on]
    return [
        Difference.of_line(Kind.DATE, it, on=day_text(it.operated_on), ordered_on=ordered_on)
        for it in early[:1]
    ]


def _end(
    order: OrderFacts,
    sales: Sequence[Line],
    returns: Sequence[Line],
    frame: Frame,
    *,
    is_back: bool,
) -> list[Difference]:
    """Hold what was paid and taken back against how the order ended."""
    if returns and order.end in (OrderEnd.COMPLETED, OrderEnd.OPEN):
        taken = sum(map(paid_by, returns))
        return [Difference.of_line(Kind.RETURN_UNEXPECTED, returns[0], 0, taken, amount=-taken)]
    is_due = order.ended_on is None or order.ended_on <= frame.last
    kinds = {OrderEnd.CANCELLED: Kind.CANCELLED_PAID, OrderEnd.RETURNED: Kind.RETURN_MISSING}
    if not sales or is_back or not is_due or order.end not in kinds:
        return []
    paid, since = sum(map(paid_by, sales)), day_text(order.ended_on)
    kind = kinds[order.end]
    return [Difference.of_line(kind, sales[0], 0, paid, amount=-paid, since=since)]


def _is_charge(line: Line) -> bool:
    return not line.order_code or line.operation is PayoutOperation.OTHER


def _charge(line: Line) -> Difference:
    paid = paid_by(line)
    return Difference.of_line(Kind.OTHER_CHARGE, line, None, paid, amount=-paid)


def _identity(line: Line) -> tuple[object, ...]:
    return (
        line.order_code, line.operation, line.operated_on, line.document, line.details,
        line.gross, line.commission, line.kaspi_pay, line.delivery, line.bonus, line.net,
        line.currency,
    )  # fmt: skip
