"""What a change of plan costs, by days of Almaty; what is shown is what is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.billing.quotes import Standing, days_between, quote
from cube_demper.domain.billing.schemas import PlanOffer
from cube_demper.models.billing import PaymentPurpose, Plan

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def offer(plan: Plan, price: int) -> PlanOffer:
    return PlanOffer(
        plan, plan.upper(), price, 100, frozenset(), priority=0, is_sold=True, trial_days=0
    )


FREE, BASIC, PRO = offer(Plan.FREE, 0), offer(Plan.BASIC, 999_900), offer(Plan.PRO, 2_999_900)


def standing(
    plan: PlanOffer, left: timedelta, *, is_trial: bool = False, first: datetime | None = None
) -> Standing:
    return Standing(uuid4(), plan, is_trial, NOW + left, first, plan.price)


def test_the_words_have_the_figures_that_make_the_sum() -> None:
    made = quote(PRO, standing(BASIC, 18 * DAY), 0, NOW, use_balance=False)
    assert (made.purpose, made.amount) == (PaymentPurpose.UPGRADE, 1_200_000)
    said = made.words.replace("\u00a0", " ")
    for figure in ("18", "29 999 ₸", "9 999 ₸", "12 000 ₸", "10.12.2026"):
        assert figure in said


def test_days_of_an_upgrade_that_begins_later_are_not_those_that_are_left() -> None:
    base = standing(BASIC, 44 * DAY, first=NOW + 14 * DAY)
    assert quote(PRO, base, 0, NOW, use_balance=False).words.startswith(
        "С 06.12.2026 до 05.01.2027 дней: 30. "
    )


@pytest.mark.parametrize(
    ("plan", "left", "purpose", "amount"),
    [
        (BASIC, None, PaymentPurpose.SUBSCRIBE, 999_900),
        (BASIC, 5 * DAY, PaymentPurpose.RENEW, 999_900),
        (BASIC, -DAY, PaymentPurpose.RENEW, 999_900),
        (PRO, -DAY, PaymentPurpose.RENEW, 2_999_900),
        (PRO, timedelta(hours=1), PaymentPurpose.UPGRADE, 66_600),
    ],
)
def test_what_a_purchase_is(
    plan: PlanOffer, left: timedelta | None, purpose: PaymentPurpose, amount: int
) -> None:
    base = None if left is None else standing(BASIC, left)
    made = quote(plan, base, 0, NOW, use_balance=False)
    assert (made.purpose, made.amount) == (purpose, amount)


def test_a_plan_that_is_sold_no_more_is_renewed_and_not_begun() -> None:
    retired = replace(BASIC, is_sold=False)
    made = quote(retired, standing(retired, DAY), 0, NOW, use_balance=False)
    assert (made.purpose, made.amount) == (PaymentPurpose.RENEW, 999_900)
    for base in (None, standing(PRO, DAY), standing(retired, DAY, is_trial=True)):
        with pytest.raises(InvalidInput, match="не продаётся"):
            quote(retired, base, 0, NOW, use_balance=False)


def test_what_is_left_of_a_trial_is_kept() -> None:
    made = quote(BASIC, standing(PRO, 6 * DAY, is_trial=True), 0, NOW, use_balance=False)
    assert made.purpose is PaymentPurpose.SUBSCRIBE
    assert (made.service_from, made.service_to) == (NOW + 6 * DAY, NOW + 36 * DAY)


@pytest.mark.parametrize(
    ("plan", "base"),
    [
        (FREE, None),
        (BASIC, standing(BASIC, 20 * DAY)),
        (BASIC, standing(PRO, 20 * DAY)),
    ],
)
def test_what_cannot_be_bought_now_is_refused_in_words(
    plan: PlanOffer, base: Standing | None
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        quote(plan, base, 0, NOW, use_balance=False)
    assert refusal.value.field == "plan"


@given(
    left=st.integers(1, 90 * 24 * 60),
    balance=st.integers(-1_000_000, 4_000_000),
    use_balance=st.booleans(),
)
def test_an_upgrade_is_never_free_and_never_dearer_than_its_days(
    left: int, balance: int, use_balance: bool
) -> None:
    base = standing(BASIC, timedelta(minutes=left))
    made = quote(PRO, base, balance, NOW, use_balance=use_balance)
    days = max(1, days_between(NOW, base.ends_at))
    assert 0 < made.amount <= (PRO.price - BASIC.price) * days // 30
    assert made.amount % 100 == 0
    assert made.service_to == base.ends_at
    assert made.to_pay + made.from_balance == made.amount
    assert 0 <= made.from_balance <= (max(balance, 0) if use_balance else 0)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        # 23:59 of 31 January in Almaty, and a minute later
        (datetime(2027, 1, 31, 18, 59, tzinfo=UTC), datetime(2027, 1, 31, 19, 0, tzinfo=UTC), 1),
        (datetime(2027, 1, 31, 19, 0, tzinfo=UTC), datetime(2027, 2, 1, 18, 59, tzinfo=UTC), 0),
        (datetime(2027, 2, 28, 12, 0, tzinfo=UTC), datetime(2027, 3, 30, 12, 0, tzinfo=UTC), 30),
        (datetime(2026, 12, 31, 18, 0, tzinfo=UTC), datetime(2026, 12, 31, 20, 0, tzinfo=UTC), 1),
    ],
)
def test_days_are_those_of_almaty(start: datetime, end: datetime, days: int) -> None:
    assert days_between(start, end) == days
