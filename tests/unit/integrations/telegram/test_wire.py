from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cube_demper.core.errors import (
    ContractChanged,
    CredentialsRejected,
    RateLimited,
    Refused,
    Unreachable,
)
from cube_demper.domain.notifications.errors import ChatClosed
from cube_demper.integrations.telegram.client import _result
from cube_demper.integrations.telegram.wire import Update, read_updates

CHAT = {"id": 7, "type": "private", "username": "aigul"}


def test_what_people_write_is_read_and_the_rest_passed_over() -> None:
    raw: list[Any] = [
        {"update_id": 1, "message": {"chat": CHAT, "text": "/start x"}},
        {"update_id": 2, "message": {"chat": CHAT, "photo": []}},
        {"update_id": 3, "message": {"chat": {"id": -1, "type": "group"}, "text": "hi"}},
        {"update_id": 4, "my_chat_member": {"chat": CHAT, "new_chat_member": {"status": "kicked"}}},
        {"update_id": "5", "message": {"chat": CHAT}},
        {"update_id": 6, "message": None},
        None,
    ]
    updates, offset = read_updates(raw)
    assert updates == [
        Update(1, 7, "@aigul", "/start x"),
        Update(2, 7, "@aigul"),
        Update(4, 7, "@aigul", is_blocked=True),
    ]
    assert offset == 7


def test_nothing_new_has_no_offset() -> None:
    assert read_updates([]) == ([], None)


@pytest.mark.parametrize("raw", [None, {}, "x", 3])
def test_what_is_no_list_is_a_changed_contract(raw: Any) -> None:
    with pytest.raises(ContractChanged):
        read_updates(raw)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"<html>", Unreachable),
        (200, b"[]", Unreachable),
        (502, b'{"ok":false}', Unreachable),
        (403, b'{"ok":false,"description":"bot was blocked"}', ChatClosed),
        (400, b'{"ok":false,"description":"Bad Request: chat not found"}', ChatClosed),
        (400, b'{"ok":false,"description":"can\'t parse entities"}', Refused),
        (401, b'{"ok":false}', CredentialsRejected),
        (429, b'{"ok":false,"parameters":{"retry_after":35}}', RateLimited),
        (429, b'{"ok":false,"parameters":{"retry_after":"soon"}}', RateLimited),
    ],
)
def test_every_error_says_what_to_do(status: int, body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        _result(status, body)


def test_the_wait_is_telegrams_own() -> None:
    with pytest.raises(RateLimited) as raised:
        _result(429, b'{"ok":false,"parameters":{"retry_after":35}}')
    assert raised.value.retry_after == timedelta(seconds=35)
