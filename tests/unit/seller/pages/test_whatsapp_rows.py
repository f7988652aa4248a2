"""What the pages of texts and of the queue say."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from cube_demper.core.money import NBSP
from cube_demper.domain.messaging.gate_schemas import Budget, Closed, Limiter, PauseReason, Reason
from cube_demper.domain.messaging.queue_schemas import NumberView, Overview, QueueRow
from cube_demper.domain.messaging.templates import Preview
from cube_demper.seller.pages.whatsapp_queue.rows import message_row, number_row, standing_of
from cube_demper.seller.pages.whatsapp_templates.rows import delay_words
from cube_demper.ui.template_editor import Editor, show, words_of

NOON = datetime(2026, 11, 27, 7, tzinfo=UTC)
NUMBER = UUID(int=1)


def number(**given: Any) -> NumberView:
    values = {
        "id": NUMBER,
        "label": "Основной",
        "phone": "+7 701 000 00 99",
        "is_working": True,
        "budget": Budget(20, 5, Limiter.WARM_UP),
        "shut": None,
        "pause": None,
        "paused_until": None,
        "waiting": 0,
        "waiting_now": 0,
        "next_at": None,
        "quiet_start": time(21),
        "quiet_end": time(9),
        "daily_limit": 100,
        "is_warm": False,
        "in_use_since": None,
    }
    return NumberView(**(values | given))


def message(**given: Any) -> QueueRow:
    values = {
        "id": uuid4(),
        "session_id": NUMBER,
        "kind": "order",
        "event": "order_shipped",
        "order_code": "790",
        "person": "Айгерим",
        "status": "waiting",
        "reason": None,
        "scheduled_at": NOON,
        "done_at": None,
    }
    return QueueRow(**(values | given))


class TestNumber:
    def test_budget_and_what_limits_it(self) -> None:
        row = number_row(number(), NOON)
        assert (row.sent, row.percent) == ("5 из 20", 25)
        assert "прогревается" in row.limiter
        assert row.state == "Готов писать"

    def test_the_pace_is_no_trouble(self) -> None:
        shut = Closed(Reason.PACE, NOON + timedelta(seconds=20))
        assert number_row(number(shut=shut, waiting_now=1), NOON).state == "Пишет"

    def test_night_says_when_it_ends(self) -> None:
        row = number_row(number(shut=Closed(Reason.NIGHT, NOON + timedelta(hours=21))), NOON)
        assert row.tone == "blue"
        assert "09:00" in row.detail

    def test_a_pause_says_what_to_do(self) -> None:
        row = number_row(number(pause=PauseReason.TIMELOCK), NOON)
        assert row.tone == "red"
        assert row.is_paused
        assert row.detail

    def test_what_waits_for_later_is_told_apart(self) -> None:
        assert number_row(number(waiting=3, waiting_now=1), NOON).waiting == (
            f"В очереди 3{NBSP}сообщения, из них на потом 2"
        )


@pytest.mark.parametrize(
    ("given", "shut", "words"),
    [
        ({}, None, "Уйдёт в свою очередь"),
        ({}, Closed(Reason.NIGHT, NOON), "Тихие часы: ночью никому не пишем"),
        ({"scheduled_at": NOON + timedelta(hours=1)}, None, "Отложено на это время"),
        ({"session_id": None}, None, "У магазина нет номера"),
        ({"status": "dropped", "reason": "cancelled"}, None, "Заказ отменён или возвращён"),
        ({"status": "sent"}, None, ""),
    ],
)
def test_every_message_says_why(given: dict[str, Any], shut: Closed | None, words: str) -> None:
    seen = Overview(True, None, [number(shut=shut)])
    assert message_row(message(**given), seen, NOON).reason == words


def test_the_line_of_the_page() -> None:
    assert standing_of(Overview(True, None, [])).summary == "Очередь пуста"
    assert standing_of(Overview(True, NOON, [number(waiting=5)])).summary == (
        f"В очереди 5{NBSP}сообщений"
    )


def test_delays_in_words() -> None:
    assert [delay_words(it) for it in (0, 30, 60, 1440, 2880)] == [
        "Сразу",
        f"Через 30{NBSP}мин",
        f"Через 1{NBSP}ч",
        f"Через 1{NBSP}день",
        f"Через 2{NBSP}дня",
    ]


def test_the_editor_says_what_is_wrong_with_a_text() -> None:
    seen = show(Editor(), "а" * 1010, "б", Preview("", "", ("имя",)))
    assert seen.left == "Лишних знаков: 10"
    assert seen.unknown == "{имя}"
    assert seen.is_changed
    assert seen.about == "На примере заказа"


def test_the_bonus_is_offered_where_it_belongs() -> None:
    assert "review_bonus" not in {it.name for it in words_of("review_request")}
    assert "review_bonus" in {it.name for it in words_of("review_bonus")}
