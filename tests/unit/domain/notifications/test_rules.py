from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cube_demper.domain.notifications import digest
from cube_demper.domain.notifications.rules import due_at, is_on, is_quiet
from cube_demper.domain.notifications.schemas import Item, Wishes

NOON = datetime(2026, 11, 22, 7, 3, tzinfo=UTC)  # 12:03 in Almaty
MOMENTS = st.integers(0, 525_600).map(lambda minutes: NOON + timedelta(minutes=minutes))
TIMES = st.none() | st.times().map(lambda it: it.replace(second=0, microsecond=0))


def item(kind: str, title: str, link: str = "") -> Item:
    return Item(uuid4(), kind, title, "Подробности.", link)


@settings(deadline=None)
@given(MOMENTS, st.integers(5, 1440), TIMES, TIMES)
def test_a_digest_never_goes_in_quiet_hours_nor_before_now(
    now: datetime, minutes: int, start: time | None, end: time | None
) -> None:
    quiet = (start, end) if start and end and start != end else (None, None)
    due = due_at(Wishes(frozenset(), minutes, *quiet), now, is_urgent=False)
    assert not is_quiet(due, *quiet)
    assert now < due <= now + timedelta(minutes=minutes) + timedelta(days=1)


@settings(deadline=None)
@given(st.lists(MOMENTS, min_size=2, max_size=2), st.integers(5, 1440))
def test_two_things_in_one_window_go_in_one_message(moments: list[datetime], minutes: int) -> None:
    wishes = Wishes(digest_minutes=minutes, quiet_start=None, quiet_end=None)
    first, second = (due_at(wishes, it, is_urgent=False) for it in moments)
    assert first == second or abs(first - second) >= timedelta(minutes=minutes)


def test_what_is_urgent_goes_at_once_at_night_too() -> None:
    midnight = NOON + timedelta(hours=12)
    assert due_at(Wishes(), midnight, is_urgent=True) == midnight
    assert due_at(Wishes(), midnight, is_urgent=False) == NOON.replace(
        day=23, hour=3, minute=0, second=0
    )


@pytest.mark.parametrize(
    ("hour", "quiet"), [(21, False), (22, True), (23, True), (3, True), (8, False)]
)
def test_quiet_hours_cross_midnight(hour: int, quiet: bool) -> None:
    moment = NOON.replace(hour=(hour - 5) % 24, minute=0)
    assert is_quiet(moment, time(22), time(8)) is quiet


def test_a_new_kind_is_on_for_everybody() -> None:
    assert is_on(Wishes(off=frozenset({"floor_hit:mail"})), "never_seen", "mail")
    assert not is_on(Wishes(off=frozenset({"floor_hit:mail"})), "floor_hit", "mail")


class TestDigest:
    def test_one_thing_is_its_own_letter_with_its_own_button(self) -> None:
        letter = digest.letter([item("floor_hit", "Пол", "/products/1")], "https://cube.kz")
        assert letter.subject == "Пол"
        assert "https://cube.kz/products/1" in letter.text

    def test_five_of_a_kind_are_one_line(self) -> None:
        items = [item("price_not_shown", f"Товар {number}") for number in range(5)]
        (line,) = digest.lines_of(items, "https://cube.kz")
        assert line.title == "Kaspi не показал новую цену: 5\u00a0товаров"
        assert line.body == "Товар 0; Товар 1; Товар 2 и ещё 2"
        assert line.link == "https://cube.kz/notifications?tab=price_not_shown"

    def test_what_cannot_wait_comes_first(self) -> None:
        items = [item("floor_hit", "Пол"), item("needs_reauth", "Войдите")]
        assert [line.title for line in digest.lines_of(items, "")] == ["Войдите", "Пол"]
        assert digest.letter(items, "").subject == "Войдите и ещё 1\u00a0событие"

    def test_words_of_others_are_escaped(self) -> None:
        items = [item("floor_hit", "<b>&x", "/a")]
        assert "&lt;b&gt;&amp;x" in digest.telegram_text(items, "https://cube.kz")
        assert "&lt;b&gt;&amp;x" in digest.letter(items, "https://cube.kz").html

    @settings(deadline=None, max_examples=30)
    @given(st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=100))
    def test_a_telegram_message_is_never_too_long(self, titles: list[str]) -> None:
        items = [item(f"kind{n}", title, "/x") for n, title in enumerate(titles)]
        assert len(digest.telegram_text(items, "https://cube.kz")) <= digest.TELEGRAM_LIMIT
