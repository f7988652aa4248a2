"""What the page says of a store's orders token, in each of its states."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cube_demper.domain.orders.schemas import TokenView
from cube_demper.models.orders import TokenOrigin, TokenProblem, TokenTask
from cube_demper.seller.pages.stores.token_rows import token_row

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)
WORKS = TokenView("1a2b", TokenOrigin.PASTED, NOON, NOON, orders_seen=31, is_matched=True)


def test_a_token_that_works_says_its_end_its_origin_and_its_orders() -> None:
    row = token_row(WORKS)
    assert (row.words, row.tone) == ("•••• 1a2b, работает", "green")
    assert row.origin.startswith("вставлен вами")
    assert row.orders == "31\u00a0заказ за 13 дней"
    assert (row.title, row.doing, row.whose) == ("", "", "")


def test_a_token_without_orders_is_left_to_its_sellers_judgement() -> None:
    row = token_row(replace(WORKS, orders_seen=0, is_matched=False))
    assert row.orders == "не было"
    assert "проверьте сами" in row.whose


def test_no_token_is_said_without_alarm() -> None:
    assert (token_row(None).words, token_row(None).tone) == ("не добавлен", "gray")


@pytest.mark.parametrize("problem", TokenProblem)
@pytest.mark.parametrize("before", [TokenView(), WORKS])
def test_every_problem_has_words_and_says_that_the_old_token_works(
    problem: TokenProblem, before: TokenView
) -> None:
    row = token_row(replace(before, problem=problem, offered_tail="9f3c"))
    assert row.title
    assert row.text
    assert ("Прежний токен …1a2b работает." in row.text) is before.works


def test_a_refused_token_is_named_and_said_to_be_forgotten() -> None:
    row = token_row(TokenView(problem=TokenProblem.WRONG, offered_tail="9f3c"))
    assert row.title == "Токен …9f3c не подошёл"
    assert "не сохранили" in row.text


def test_a_silent_kaspi_keeps_the_token_and_says_so() -> None:
    waiting = TokenView(task=TokenTask.TRY, problem=TokenProblem.UNREACHABLE, offered_tail="9f3c")
    row = token_row(waiting)
    assert (row.tone, row.is_passing, row.doing) == ("amber", True, "")
    assert "сохранён зашифрованным" in row.text
    assert "не сохранили" not in row.text


def test_a_token_that_died_is_told_from_one_that_never_worked() -> None:
    row = token_row(replace(WORKS, rejected_at=NOON, problem=TokenProblem.WRONG))
    assert row.tone == "red"
    assert row.title == "Kaspi больше не принимает токен …1a2b"
