"""What must hold of people's payments at any moment, worked out from the payments alone."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.domain.billing import rules
from cube_demper.models.billing import (
    Payment,
    PaymentPurpose,
    Refund,
    RefundStatus,
    Subscription,
)


def assert_prices(rows: Sequence[Payment], prices: Mapping[str, int]) -> None:
    """A change of plan costs at most the difference of the days that it is for, all else the plan's price."""
    for it in rows:
        if it.is_credited:
            continue
        if it.purpose != PaymentPurpose.UPGRADE:
            assert it.amount == prices[it.plan], "another price"
            continue
        start, end = (
            datetime.fromisoformat(it.quote[key]) for key in ("service_from", "service_to")
        )
        days = (end - start) / timedelta(days=1) + 1  # counted by calendar days
        most = (prices["pro"] - prices["basic"]) * days / rules.PERIOD_DAYS
        assert it.amount <= max(most, 100), "more than the difference"


def assert_promises(
    rows: Sequence[Payment], given: Sequence[Refund], owed: Mapping[UUID, int]
) -> None:
    """What is promised back was paid, is promised once, and is not spent meanwhile."""
    by_id = {it.id: it for it in rows}
    promised, from_balance = Counter[UUID](), Counter[UUID]()
    for it in given:
        paid = by_id[it.payment_id]
        if it.status != RefundStatus.REFUSED:
            promised[paid.id] += it.amount
        if paid.is_credited and it.status in (RefundStatus.REQUESTED, RefundStatus.SENT):
            from_balance[paid.user_id] += it.amount
    assert all(total <= by_id[key].amount for key, total in promised.items()), "promised twice"
    users = {it.user_id for it in rows}
    assert all(owed.get(it, 0) >= from_balance[it] for it in users), "spent what was promised"


def assert_periods(bought: Sequence[Payment], row: Subscription | None) -> None:
    """Each 30 days are paid once, each payment buys 30 days, and a plan lasts as long as was paid."""
    periods = sorted(
        (it.service_from, it.service_to)
        for it in bought
        if it.purpose != PaymentPurpose.UPGRADE and it.service_from and it.service_to
    )
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(periods)), "paid twice"
    assert all(end - start == rules.PERIOD for start, end in periods), "not thirty days"
    upgraded = Counter(it.quote["base_id"] for it in bought if it.purpose == PaymentPurpose.UPGRADE)
    assert all(count == 1 for count in upgraded.values()), "one upgrade paid twice"
    if row is not None:
        ends = [end for _, end in periods]
        assert row.current_period_end in ends[-1:], "days that nobody paid for"


def balances(settled: Sequence[Payment], given: Sequence[Refund]) -> int:
    """Return what people have with us, gifts aside."""
    credited = {it.id for it in settled if it.is_credited}
    kept = sum(it.amount - it.refunded for it in settled if it.is_credited)
    spent = sum(it.from_balance for it in settled if not it.is_credited)
    returned = sum(
        it.to_balance for it in given if it.status == "done" and it.payment_id not in credited
    )
    return kept - spent + returned


def given_back(rows: Sequence[Refund]) -> dict[UUID, int]:
    """Return what of each payment was given back."""
    done: Counter[UUID] = Counter()
    for row in rows:
        if row.status == RefundStatus.DONE:
            done[row.payment_id] += row.amount
    return dict(done)
