"""Filters of the list of orders in an address: read, never trusted; days begin at midnight in Almaty."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from cube_demper.domain.orders.addresses import first_moment, read_filters
from cube_demper.domain.orders.list_schemas import DeliveryKind, OrderQuery
from cube_demper.models.orders import OrderStatus

NOW = datetime(2026, 11, 27, 19, 30, tzinfo=UTC)
"""00:30 of the 28th in Almaty."""
STORE = UUID(int=7)


def test_everything_that_an_address_may_ask_for() -> None:
    given = {
        "tab": "archive",
        "store": str(STORE),
        "status": "CANCELLED",
        "delivery": "postomat",
        "days": "7",
    }
    asked = read_filters(given, "  Айгерим ", NOW)
    assert asked == OrderQuery(
        store_id=STORE,
        search="Айгерим",
        tab="archive",
        status=OrderStatus.CANCELLED,
        delivery=DeliveryKind.POSTOMAT,
        days=7,
        since=datetime(2026, 11, 21, 19, tzinfo=UTC),
    )
    assert asked.is_narrowed


@pytest.mark.parametrize("days", ["0", "-1", "8", "1e9", "²", "", "99999999999999999999"])
def test_nonsense_is_ignored(days: str) -> None:
    given = {"tab": "<script>", "store": "x", "status": "Новый", "delivery": "car", "days": days}
    assert read_filters(given, "", NOW) == OrderQuery()
    assert not OrderQuery().is_narrowed


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-27T18:59:59+00:00", "2026-11-27T00:00:00+05:00"),
        ("2026-11-27T19:00:00+00:00", "2026-11-28T00:00:00+05:00"),
    ],
)
def test_today_begins_at_midnight_in_almaty(now: str, begins: str) -> None:
    assert first_moment(1, datetime.fromisoformat(now)) == datetime.fromisoformat(begins)
