"""What is said of a plan before there is an account."""

from __future__ import annotations

import pytest

from cube_demper.domain.billing.schemas import PlanOffer
from cube_demper.domain.billing.words import METHOD_WORDS, trial_words
from cube_demper.models.billing import PaymentMethod, Plan


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (14, "14 дней тарифа PRO бесплатно, карта не нужна."),
        (1, "1 день тарифа PRO бесплатно, карта не нужна."),
        (0, ""),
    ],
)
def test_the_trial_is_said_as_the_plan_gives_it(days: int, words: str) -> None:
    plan = PlanOffer(
        Plan.PRO, "PRO", 2_999_900, 5_000, frozenset(), priority=0, is_sold=True, trial_days=days
    )
    assert trial_words(plan).replace("\u00a0", " ") == words


def test_every_way_to_pay_has_its_words() -> None:
    assert set(METHOD_WORDS) == set(PaymentMethod)
