"""The address of the list: filters, a chat, a message; nonsense in it is ignored."""

from __future__ import annotations

from uuid import uuid4

import pytest
from reflex.istate.data import ReflexURL

from cube_demper.domain.support.schemas import ChatStatus, Whose
from support.desk.asked import Chosen, chat_of, chosen_of, message_of, query_of

SITE = "http://localhost:3002"


def at(address: str) -> ReflexURL:
    return ReflexURL(SITE + address)


def test_without_filters_all_that_is_not_closed_is_asked_for() -> None:
    asked = query_of(chosen_of(at("/")), limit=30)
    assert asked.statuses == {ChatStatus.PENDING, ChatStatus.OPEN, ChatStatus.REOPENED}
    assert (asked.whose, asked.priority, asked.is_late, asked.is_urgent) == (
        Whose.ALL, None, False, False,
    )  # fmt: skip


def test_every_filter_of_the_address_reaches_the_query() -> None:
    label = uuid4()
    chosen = chosen_of(
        at(f"/?tab=pending&who=mine&label={label}&plan=2&late=1&unread=1&sort=urgent")
    )
    asked = query_of(chosen, limit=30)
    assert asked.statuses == {ChatStatus.PENDING}
    assert (asked.whose, asked.label_id, asked.priority) == (Whose.MINE, label, 2)
    assert asked.is_late
    assert asked.is_unread
    assert asked.is_urgent
    assert chosen.is_narrowed


def test_a_colleague_is_a_filter_too() -> None:
    person = uuid4()
    asked = query_of(chosen_of(at(f"/?who={person}")), limit=30)
    assert (asked.whose, asked.assignee_id) == (Whose.ALL, person)


def test_a_search_looks_into_closed_chats_too_and_is_not_by_urgency() -> None:
    asked = query_of(chosen_of(at("/?q=касса&sort=urgent")), limit=30)
    assert (asked.search, asked.statuses, asked.is_urgent) == ("касса", frozenset(), False)


@pytest.mark.parametrize(
    "address",
    [
        "/?tab=gone&who=drop table&label=x&plan=9&sort=price",
        "/?tab=&who=&label=&plan=",
        "/?page=-1",
    ],
)
def test_nonsense_is_no_filter(address: str) -> None:
    assert chosen_of(at(address)) == Chosen()


def test_chat_and_message_of_the_address() -> None:
    chat = uuid4()
    assert chat_of(at(f"/chats/{chat}?at=12")) == chat
    assert message_of(at(f"/chats/{chat}?at=12")) == 12
    for address in ("/", "/chats/", "/chats/x", f"/stats/{chat}", f"/chats/{chat}/more"):
        assert chat_of(at(address)) is None
    for number in ("x", "-1", "9" * 30, ""):
        assert message_of(at(f"/chats/{chat}?at={number}")) is None
