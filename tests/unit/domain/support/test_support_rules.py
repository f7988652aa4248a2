"""The machine of a chat, its clock and who gets the next one."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import InvalidInput
from cube_demper.domain.support import rules, sla
from cube_demper.domain.support.rules import Place, Step
from cube_demper.domain.support.schemas import ChatStatus, Draft

_START = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(), timedelta(days=730)).map(lambda it: _START + it)
SPANS = st.timedeltas(timedelta(seconds=1), timedelta(days=5))


class Chat(RuleBasedStateMachine):
    """Any order of steps keeps what the screens rely on."""

    def __init__(self) -> None:
        super().__init__()
        self.status, self.rounds, self.taken = ChatStatus.PENDING, 1, False

    @rule(step=st.sampled_from(Step))
    def go(self, step: Step) -> None:
        following = rules.after(self.status, step)
        if following is None:
            return
        if rules.begins_round(self.status, following):
            self.rounds += 1
        self.taken = following is ChatStatus.OPEN
        if step is Step.CLOSE:
            assert following is ChatStatus.CLOSED
        self.status = following

    @invariant()
    def pending_is_never_seen_again_after_the_first_matter(self) -> None:
        assert self.status is not ChatStatus.PENDING or self.rounds == 1
        assert self.status is not ChatStatus.REOPENED or self.rounds > 1
        assert self.taken == (self.status is ChatStatus.OPEN)


TestChat = Chat.TestCase


@pytest.mark.parametrize("status", list(ChatStatus))
def test_a_person_can_always_write_and_is_never_shut_out(status: ChatStatus) -> None:
    following = rules.after(status, Step.WRITE)
    assert following is not None
    assert following is not ChatStatus.CLOSED


def test_what_is_in_work_is_not_taken_and_what_is_closed_is_not_closed() -> None:
    assert rules.after(ChatStatus.OPEN, Step.TAKE) is None
    assert rules.after(ChatStatus.CLOSED, Step.CLOSE) is None
    assert rules.after(ChatStatus.CLOSED, Step.TAKE) is None
    assert rules.after(ChatStatus.PENDING, Step.REOPEN) is None


@given(INSTANTS, SPANS)
def test_a_promise_ends_in_working_hours_and_lasts_as_long_as_it_says(
    start: datetime, span: timedelta
) -> None:
    due = sla.add_working(start, span)
    assert sla.working_between(start, due) == span
    assert due > start
    assert sla.BEGINS <= due.astimezone(ALMATY).time() <= sla.ENDS


@given(INSTANTS, INSTANTS, INSTANTS)
def test_working_time_adds_up(a: datetime, b: datetime, c: datetime) -> None:
    first, second, third = sorted((a, b, c))
    whole = sla.working_between(first, third)
    assert whole == sla.working_between(first, second) + sla.working_between(second, third)
    assert timedelta() <= whole <= third - first


@given(INSTANTS, SPANS, SPANS)
def test_a_longer_promise_is_due_later(start: datetime, one: timedelta, two: timedelta) -> None:
    shorter, longer = sorted((one, two))
    assert sla.add_working(start, shorter) <= sla.add_working(start, longer)


def test_the_better_plan_is_promised_more() -> None:
    order = [sla.promise(it) for it in (2, 1, 0)]
    assert order == sorted(order, key=lambda it: it.answer)
    assert order == sorted(order, key=lambda it: it.resolve)
    assert sla.promise(9) == sla.promise(2)
    assert sla.promise(-1) == sla.promise(0)


def test_what_came_at_night_is_due_in_the_morning() -> None:
    night = datetime(2026, 11, 27, 23, 30, tzinfo=ALMATY)
    due = sla.add_working(night, timedelta(minutes=15))
    assert due == datetime(2026, 11, 28, 9, 15, tzinfo=ALMATY)
    evening = datetime(2026, 11, 27, 20, 50, tzinfo=ALMATY)
    assert sla.add_working(evening, timedelta(minutes=15)) == datetime(
        2026, 11, 28, 9, 5, tzinfo=ALMATY
    )
    assert not sla.is_working(night)
    assert sla.is_working(evening)
    assert not sla.is_working(datetime.combine(night, time(21), ALMATY))


@given(st.booleans(), st.booleans(), INSTANTS)
def test_a_matter_is_late_only_past_its_time(
    is_answered: bool, is_closed: bool, now: datetime
) -> None:
    opened = now - timedelta(hours=30)
    due, end = sla.add_working(opened, timedelta(hours=1)), sla.add_working(now, timedelta(hours=2))
    found = sla.sla_of(
        answer_due_at=due,
        resolve_due_at=end,
        answered_at=due if is_answered else None,
        closed_at=now if is_closed else None,
        now=now,
    )
    assert not found.is_resolve_late
    assert found.is_answer_late == (not is_answered and now > due)
    assert (found.left is None) == is_closed


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 10)), max_size=8))
def test_the_next_chat_goes_to_who_has_least_and_never_over_the_measure(
    desks: list[tuple[int, int]],
) -> None:
    places = [Place(uuid4(), load, most) for load, most in desks]
    chosen = rules.least_loaded(places)
    free = [it for it in places if it.load < it.most_chats]
    if not free:
        assert chosen is None
        return
    found = next(it for it in free if it.user_id == chosen)
    assert all(found.load / found.most_chats <= it.load / it.most_chats for it in free)


class TestText:
    def test_html_emoji_and_right_to_left_stay_as_they_are(self) -> None:
        for text in (
            "<script>alert(1)</script>",
            "👨‍👩‍👧 привет",
            "שלום مرحبا",
            "a\u200bb",
            "Қазақша ү",
        ):
            assert rules.read_text(text) == text

    @pytest.mark.parametrize("text", ["", "  \n\t", "\u200b\u200b", "\u2060\ufeff", "\x00", "ㅤ"])
    def test_what_nobody_sees_is_no_message(self, text: str) -> None:
        with pytest.raises(InvalidInput, match="пустое"):
            rules.read_text(text)
        assert rules.read_text(text, may_be_empty=True) == ""

    def test_signs_that_break_the_line_or_the_database_go(self) -> None:
        assert rules.read_text("а\x00б\u202eв\r\nг\ud800") == "абв\nг"

    def test_100_kb_is_refused_in_words_with_both_numbers(self) -> None:
        with pytest.raises(InvalidInput, match="102400 знаков из 4000"):
            rules.read_text("ж" * 102_400)
        assert len(rules.read_text("ж" * 4000)) == 4000

    def test_a_key_is_short_and_plain(self) -> None:
        for key in ("", "x" * 65, "ключ", "a\nb"):
            with pytest.raises(InvalidInput):
                rules.read_draft(Draft("текст", key))

    def test_six_files_are_too_many(self) -> None:
        with pytest.raises(InvalidInput, match="не больше 5"):
            rules.read_draft(Draft("", "k", tuple(uuid4() for _ in range(6))))
