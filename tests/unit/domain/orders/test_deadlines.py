"""Until when Kaspi waits: three working hours, whatever the time of day an order comes at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.core.clock import ALMATY
from cube_demper.domain.orders import deadlines
from cube_demper.domain.orders.deadlines import DeadlineKind, Waiting
from cube_demper.models.orders import OrderStatus

MOMENTS = st.datetimes(datetime(2024, 4, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def _new(at: datetime, **given: object) -> Waiting:
    return Waiting(OrderStatus.APPROVED, "NEW", at, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ordered", "by"),
    [
        ("2026-11-27T10:00", "2026-11-27T13:00"),
        ("2026-11-27T20:00", "2026-11-28T11:00"),
        ("2026-11-27T23:30", "2026-11-28T12:00"),
        ("2026-11-27T03:00", "2026-11-27T12:00"),
        ("2026-11-27T18:00", "2026-11-27T21:00"),
    ],
)
def test_three_hours_of_the_working_day(ordered: str, by: str) -> None:
    at = datetime.fromisoformat(ordered).replace(tzinfo=ALMATY)
    assert deadlines.accept_by(_new(at)) == datetime.fromisoformat(by).replace(tzinfo=ALMATY)


@given(MOMENTS)
def test_exactly_three_working_hours_lie_before_the_deadline(at: datetime) -> None:
    by = deadlines.accept_by(_new(at))
    assert deadlines.working_time(at, by) == deadlines.ACCEPT_WITHIN
    assert timedelta(hours=3) <= by - at <= timedelta(hours=15)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_later_order_has_no_earlier_deadline(at: datetime, later: timedelta) -> None:
    assert deadlines.accept_by(_new(at)) <= deadlines.accept_by(_new(at + later))


@given(MOMENTS)
def test_an_express_order_has_an_hour_day_and_night(at: datetime) -> None:
    assert deadlines.accept_by(_new(at, is_express=True)) - at == timedelta(minutes=60)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up(a: datetime, b: datetime, c: datetime) -> None:
    first, second, third = sorted((a, b, c))
    # Days are walked one by one: neighbours are enough.
    second, third = min(second, first + timedelta(days=9)), min(third, first + timedelta(days=20))
    whole = deadlines.working_time(first, third)
    parts = deadlines.working_time(first, second) + deadlines.working_time(second, third)
    assert whole == parts


def test_kaspis_own_times_are_exact_and_ours_are_not() -> None:
    at = datetime(2026, 11, 27, 7, tzinfo=UTC)
    new = deadlines.deadline_of(_new(at))
    assert new is not None
    assert (new.kind, new.is_exact) == (DeadlineKind.ACCEPT, False)
    packing = Waiting(OrderStatus.ACCEPTED_BY_MERCHANT, "KASPI_DELIVERY", at, courier_planned_at=at)
    planned = deadlines.deadline_of(packing)
    assert planned == deadlines.Deadline(DeadlineKind.HAND_OVER, at, is_exact=True)
    waiting = Waiting(OrderStatus.DELIVERED, "PICKUP", at, reserved_until=at)
    assert deadlines.deadline_of(waiting) == deadlines.Deadline(
        DeadlineKind.PICKUP, at, is_exact=True
    )
    assert deadlines.deadline_of(Waiting(OrderStatus.COMPLETED, "ARCHIVE", at)) is None
