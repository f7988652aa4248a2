"""Pure rules of the programme: codes, cookies, commissions, signs of fraud, masks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.core.ids import new_id
from cube_demper.domain.partners import rules
from cube_demper.domain.partners.click_rules import verdict_of
from cube_demper.domain.partners.masking import masked_mail, masked_name
from cube_demper.domain.partners.rules import SignUp, Terms
from cube_demper.models.partner_program import ClickVerdict, Doubt, Touch

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


def test_a_code_has_no_signs_that_look_or_sound_alike() -> None:
    drawn = {rules.new_code() for _ in range(500)}
    assert len(drawn) == 500
    assert not set("".join(drawn)) & set("01OIL")


@given(st.text(rules.ALPHABET, min_size=6, max_size=6))
def test_a_code_survives_being_spoken_and_typed(code: str) -> None:
    spaced = " ".join(code.lower())
    assert rules.read_code(f" {spaced}-") == code
    # A Russian keyboard's letters that look the same are the same.
    cyrillic = code.translate(str.maketrans("ABEKMHPCTYX", "АВЕКМНРСТУХ"))
    assert rules.read_code(cyrillic) == code


@given(st.text(rules.ALPHABET, min_size=6, max_size=6), st.booleans())
def test_a_cookie_is_read_back(code: str, has_click: bool) -> None:
    click = new_id() if has_click else None
    assert rules.read_cookie(rules.cookie_of(code, click)) == (code, click)


@given(st.text(max_size=40))
def test_nonsense_of_a_cookie_breaks_nothing(value: str) -> None:
    code, _ = rules.read_cookie(value)
    assert all(sign in rules.ALPHABET for sign in code)


@given(
    money=st.integers(0, 10**9),
    percent=st.integers(0, 100),
    parts=st.lists(st.integers(0, 10**8), max_size=8),
)
def test_what_is_left_never_grows_and_ends_at_nothing(
    money: int, percent: int, parts: list[int]
) -> None:
    refunded, before = 0, rules.due(money, 0, percent).left
    assert before == rules.due(money, 0, percent).commission
    for part in parts:
        refunded = min(money, refunded + part)
        left = rules.due(money, refunded, percent).left
        assert 0 <= left <= before
        before = left
    assert rules.due(money, money, percent).left == 0


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("a.b+x@gmail.com", "AB@googlemail.com", True),
        ("a+shop@mail.ru", "a@mail.ru", True),
        ("a.b@mail.ru", "ab@mail.ru", False),
        ("a.b+x@ya.ru", "A-B@yandex.kz", True),
        ("a.b@ya.ru", "ab@ya.ru", False),
    ],
)
def test_one_persons_mailbox_is_seen_through(one: str, other: str, is_same: bool) -> None:
    assert rules.same_mailbox(one, other) is is_same


def test_bringing_oneself_is_the_only_sign_that_matters_then() -> None:
    facts = SignUp("p@mailinator.com", "p@mailinator.com", True, True, 9)
    assert rules.doubts_at_sign_up(facts) == [Doubt.SELF]


def test_the_same_device_says_more_than_the_same_address() -> None:
    both = SignUp("a@mail.ru", "p@mail.ru", True, True, 1)
    address = SignUp("a@mail.ru", "p@mail.ru", True, False, 3)
    assert rules.doubts_at_sign_up(both) == [Doubt.OWN_DEVICE]
    assert rules.doubts_at_sign_up(address) == [Doubt.OWN_ADDRESS, Doubt.MANY_FROM_ADDRESS]


@pytest.mark.parametrize(
    ("payments", "refunded", "is_many"), [(3, 3, False), (4, 1, True), (5, 1, False), (8, 2, True)]
)
def test_a_quarter_of_refunds_is_many(payments: int, refunded: int, is_many: bool) -> None:
    assert rules.has_many_refunds(payments, refunded) is is_many


def test_only_the_first_of_live_links_keeps_its_right() -> None:
    fresh, dead = [NOW - timedelta(days=90)], [NOW - timedelta(days=91)]
    assert rules.keeps_first(Terms(), fresh, NOW)
    assert not rules.keeps_first(Terms(), dead, NOW)
    assert not rules.keeps_first(Terms(touch=Touch.LAST), fresh, NOW)


def test_a_picture_on_another_page_is_no_visit() -> None:
    person = {"user-agent": CHROME, "sec-fetch-dest": "document"}
    assert verdict_of("GET", person) is ClickVerdict.COUNTED
    assert verdict_of("GET", {**person, "sec-fetch-dest": "image"}) is ClickVerdict.PREFETCH
    by_script = {"sec-fetch-dest": "empty", "sec-fetch-mode": "no-cors"}
    assert verdict_of("GET", {**person, **by_script}) is ClickVerdict.PREFETCH


def test_names_and_mailboxes_are_masked() -> None:
    assert masked_mail("aigul.s@gmail.com") == "a•••s@gmail.com"
    assert masked_mail("ab@mail.ru") == "a•••@mail.ru"
    assert masked_name("айгуль Сериккызы") == "Айгуль С."
    assert masked_name("a@b.kz") == ""
    assert masked_name("87011234567") == masked_name("+7 701 123") == ""
