"""A talk's head, as its reader may see it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from cube_demper.domain.messaging.gate_schemas import MessageKind
from cube_demper.domain.messaging.inbox.schemas import Standing, Thread
from cube_demper.seller.pages.whatsapp_inbox.rows import talk_view

NOW = datetime(2026, 11, 27, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("+7 701 000 00 01", "/orders?q=77010000001"),
        ("+7 701 ··· ·· 01", ""),  # its six digits are the beginning of somebody's order
        ("", ""),
    ],
)
def test_all_orders_are_led_to_by_a_whole_number_alone(phone: str, link: str) -> None:
    thread = Thread(
        UUID(int=1), "А. Т.", phone, False, [], False, None, [], 9, Standing(MessageKind.REPLY), False
    )  # fmt: skip
    assert talk_view(thread, NOW).orders_link == link
