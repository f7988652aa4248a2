"""Kaspi's deadlines in words: what is awaited, how sure the time is, when the browser begins to count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cube_demper.models.orders import Order, OrderStatus
from cube_demper.seller.pages.orders.deadline import DeadlineView, deadline_view
from cube_demper.ui.format import iso

MADE = datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
"""10:00 in Almaty: three working hours end at 13:00."""
MINUTE = timedelta(minutes=1)
DUE = MADE + 180 * MINUTE


def _order(**given: Any) -> Order:
    values: dict[str, Any] = {
        "status": OrderStatus.APPROVED,
        "kaspi_state": "NEW",
        "kaspi_status": "APPROVED_BY_BANK",
        "is_clear": True,
        "ordered_at": MADE,
    }
    return Order(**(values | given))


def _packed(**given: Any) -> Order:
    return _order(
        status=OrderStatus.ACCEPTED_BY_MERCHANT,
        kaspi_state="KASPI_DELIVERY",
        kaspi_status="ACCEPTED_BY_MERCHANT",
        courier_planned_at=DUE,
        **given,
    )


@pytest.mark.parametrize(
    ("now", "tone", "is_counted"),
    [
        (DUE - timedelta(hours=3, minutes=1), "", False),
        (DUE - timedelta(hours=3), "", True),
        (DUE - 45 * MINUTE, "", True),
        (DUE - 44 * MINUTE, "amber", True),
        (DUE, "red", False),
        (DUE + 60 * MINUTE, "red", False),
    ],
)
def test_the_last_three_hours_are_counted_down_and_the_end_is_red(
    now: datetime, tone: str, is_counted: bool
) -> None:
    view = deadline_view(_order(), now)
    assert view.words == "принять до ≈ 13:00"
    assert (view.tone, view.until) == (tone, iso(DUE) if is_counted else "")


def test_the_bank_s_approval_begins_the_time_where_kaspi_tells_of_it() -> None:
    late = deadline_view(_order(approved_at=MADE + 30 * MINUTE), MADE + 31 * MINUTE)
    assert late.words == "принять до ≈ 13:30"
    assert "3 рабочих часа" in late.hint
    assert "09:00 до 21:00" in late.hint


def test_an_express_order_has_an_hour() -> None:
    view = deadline_view(_order(is_express=True), MADE + MINUTE)
    assert (view.words, view.until) == ("принять до ≈ 11:00", iso(MADE + 60 * MINUTE))
    assert "60 минут" in view.hint


def test_a_time_that_kaspi_named_is_exact() -> None:
    view = deadline_view(_packed(), DUE - 30 * MINUTE)
    assert (view.words, view.tone) == ("передать до 13:00", "amber")
    assert view.hint == "Это время назвал Kaspi."


def test_a_deadline_of_another_day_has_its_date() -> None:
    evening = _order(ordered_at=datetime(2026, 11, 27, 15, 30, tzinfo=UTC))  # 20:30
    view = deadline_view(evening, evening.ordered_at)
    assert view.words.replace("\u00a0", " ") == "принять до ≈ 28 ноя, 11:30"
    assert view.until == "", "fifteen hours are not counted by the second"


def test_what_waits_for_its_buyer_is_no_alarm() -> None:
    kept = _order(
        status=OrderStatus.DELIVERED,
        kaspi_state="PICKUP",
        kaspi_status="ACCEPTED_BY_MERCHANT",
        reserved_until=DUE,
    )
    view = deadline_view(kept, DUE - MINUTE)
    assert (view.words, view.tone, view.until) == ("хранится до 13:00", "", "")


@pytest.mark.parametrize(
    "order",
    [
        _order(is_clear=False),
        _order(missing_since=MADE),
        _order(kaspi_state="SIGN_REQUIRED"),
        _packed(handed_over_at=MADE),
        _order(status=OrderStatus.COMPLETED, kaspi_state="ARCHIVE", kaspi_status="COMPLETED"),
        _order(status=OrderStatus.CANCELLED, kaspi_state="ARCHIVE", kaspi_status="CANCELLED"),
    ],
)
def test_nothing_is_counted_for_what_waits_for_nobody(order: Order) -> None:
    assert deadline_view(order, MADE) == DeadlineView()
