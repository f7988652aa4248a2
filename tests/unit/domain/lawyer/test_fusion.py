"""Lists become one by places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.lawyer.fusion import fuse

_LEG = st.lists(st.sampled_from("абвгдежз"), unique=True)


def test_agreement_beats_one_first_place() -> None:
    found = fuse([(1, ["а", "б"]), (1, ["в", "б"]), (1, ["г", "б"])])
    assert found[0][0] == "б"


def test_first_everywhere_is_one_and_an_empty_leg_takes_nothing() -> None:
    assert fuse([(1, ["а"]), (2, ["а", "б"]), (3, [])])[0] == ("а", 1.0)


@given(st.lists(st.tuples(st.floats(0.1, 3), _LEG), max_size=5))
def test_nothing_is_lost_and_the_order_is_by_score(legs: list[tuple[float, list[str]]]) -> None:
    found = fuse(legs)
    assert {it for it, _ in found} == {it for _, leg in legs for it in leg}
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < it <= 1.000001 for it in scores)
