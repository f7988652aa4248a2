"""Messages and the head of a chat in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from cube_demper.domain.support.schemas import FileHead, Message, MessageKind
from cube_demper.integrations.presence.client import PERSON, Present
from support.desk.chat_rows import said_row, said_rows, with_days
from support.desk.presence import in_words

NOW = datetime(2026, 11, 27, 7, 30, tzinfo=UTC)


def message(**given: Any) -> Message:
    fields: dict[str, Any] = {
        "id": uuid4(),
        "number": 1,
        "chat_id": uuid4(),
        "kind": MessageKind.USER,
        "author": "Айгуль",
        "is_own": False,
        "text": "Добрый день",
        "sent_at": NOW,
        "key": "k",
    }
    return Message(**(fields | given))


def test_staff_and_notes_stand_at_our_side_and_a_customer_at_theirs() -> None:
    sides = {kind: said_row(message(kind=kind), NOW).is_own for kind in MessageKind}
    assert sides == {
        MessageKind.USER: False,
        MessageKind.STAFF: True,
        MessageKind.NOTE: True,
        MessageKind.EVENT: False,
    }


def test_a_day_is_named_over_its_first_message_alone() -> None:
    days = [timedelta(days=1), timedelta(hours=23), timedelta(), timedelta()]
    rows = with_days(said_rows([message(sent_at=NOW - it) for it in days], NOW))
    assert [it.day for it in rows] == ["Вчера", "", "Сегодня", ""]
    older = said_rows([message(sent_at=NOW - timedelta(days=1, hours=1))], NOW)
    assert [it.day for it in with_days([*older, *rows])] == ["Вчера", "", "", "Сегодня", ""]


def test_a_file_is_named_with_its_size() -> None:
    head = FileHead(uuid4(), "Чек.pdf", "application/pdf", 2_400_000)
    (media,) = said_row(message(files=(head,)), NOW).files
    assert (media.kind, media.name, media.note) == ("file", "Чек.pdf", "2,3\u00a0МБ")
    assert media.href == f"/api/support/files/{head.id}"


def test_who_is_at_a_chat_is_said_without_the_reader() -> None:
    present = [
        Present("me", "Я", is_typing=True),
        Present("a", "Алия", is_typing=True),
        Present("d", "Данияр", is_typing=False),
        Present(PERSON, "Айгуль", is_typing=True),
    ]
    said = in_words(present, "me")
    assert said.typing == "Клиент печатает… Алия — пишет ответ…"
    assert said.looking == "Чат открыт и у коллег: Данияр"
    alone = in_words(present[:1], "me")
    assert (alone.typing, alone.looking) == ("", "")
