"""What the list says of a chat, and that lines stand still while the list moves under them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from cube_demper.domain.support.schemas import ChatRow, ChatStatus, Found, MessageKind, Sla
from support.desk.inbox_rows import TalkRow, found_row, merged, talk_row

NOW = datetime(2026, 11, 27, 7, 30, tzinfo=UTC)


def sla(**given: Any) -> Sla:
    fields: dict[str, Any] = {
        "answer_due_at": NOW + timedelta(minutes=20),
        "resolve_due_at": NOW + timedelta(hours=8),
        "answered_at": None,
        "closed_at": None,
        "is_answer_late": False,
        "is_resolve_late": False,
        "left": timedelta(minutes=20),
    }
    return Sla(**(fields | given))


def chat_row(**given: Any) -> ChatRow:
    fields: dict[str, Any] = {
        "id": uuid4(),
        "user_id": uuid4(),
        "owner_id": None,
        "person": "Айгуль Сериккызы",
        "email": "a•••l@gmail.com",
        "status": ChatStatus.PENDING,
        "assigned_to": None,
        "assignee": "",
        "priority": 2,
        "talked_at": NOW,
        "waiting_since": NOW,
        "text": "Бот не меняет цены",
        "is_ours": False,
        "has_files": False,
        "unread": 1,
        "labels": (),
        "sla": sla(),
        "rating": None,
    }
    return ChatRow(**(fields | given))


def row(name: str, minutes: int = 0, **given: Any) -> TalkRow:
    return TalkRow(id=name, talked=NOW.timestamp() - 60 * minutes, **given)


def test_a_waiting_chat_says_who_what_and_until_when() -> None:
    shown = talk_row(chat_row(), NOW)
    assert (shown.initials, shown.when, shown.text) == ("АС", "12:30", "Бот не меняет цены")
    assert (shown.word, shown.plan, shown.due) == ("Новый", "PRO", "Ответить до")
    assert shown.due_at == "2026-11-27T12:50:00+05:00"


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ({"sla": sla(answered_at=NOW), "waiting_since": None}, ""),
        ({"sla": sla(answered_at=NOW), "waiting_since": NOW}, "2026-11-27T20:30:00+05:00"),
        ({"sla": sla(answered_at=NOW, closed_at=NOW), "status": ChatStatus.CLOSED}, ""),
    ],
)
def test_only_a_chat_that_waits_for_us_has_a_clock(given: dict[str, Any], due: str) -> None:
    assert talk_row(chat_row(**given), NOW).due_at == due


def test_our_own_words_and_files_are_told_apart() -> None:
    assert talk_row(chat_row(is_ours=True, text="Смотрю"), NOW).text == "Мы: Смотрю"
    assert talk_row(chat_row(text="", has_files=True), NOW).text == "Файл"
    assert talk_row(chat_row(text="а\n\n  б" + "я" * 500), NOW).text.startswith("а б")
    assert len(talk_row(chat_row(text="я" * 500), NOW).text) == 120


def test_lines_stand_where_they_stood_and_new_ones_wait_aside() -> None:
    shown = [row("a"), row("b", 1)]
    read = [row("new"), row("b", 0, unread=3), row("a")]
    rows, waiting = merged(shown, read, is_all=True)
    assert [it.id for it in rows] == ["a", "b"]
    assert (rows[1].unread, waiting) == (3, 1)


def test_a_line_that_left_the_list_stays_and_says_so() -> None:
    (kept,), waiting = merged([row("a", unread=2)], [], is_all=True)
    assert (kept.is_gone, kept.unread, waiting) == (True, 0, 0)


def test_a_line_below_what_was_read_has_not_left() -> None:
    rows, _ = merged([row("a"), row("old", 60)], [row("a"), row("b", 5)], is_all=False)
    assert [it.is_gone for it in rows] == [False, False]
    rows, _ = merged([row("taken"), row("old", 60)], [row("b", 5)], is_all=False)
    assert [it.is_gone for it in rows] == [True, False]


def test_a_found_note_is_named_a_note() -> None:
    found = Found(uuid4(), uuid4(), 7, "Айгуль", MessageKind.NOTE, "…касса…", NOW)
    shown = found_row(found, NOW)
    assert (shown.person, shown.number, shown.chat_id) == (
        "Айгуль · заметка", "7", str(found.chat_id),
    )  # fmt: skip
