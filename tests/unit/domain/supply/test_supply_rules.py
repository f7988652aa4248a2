"""How stock edits lie over what Kaspi said: nothing but what was edited ever changes."""

from __future__ import annotations

from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.catalog.schemas import Availability
from cube_demper.domain.supply import rules
from cube_demper.domain.supply.schemas import Edits

_POINTS = ("1_PP1", "1_PP2", "1_PP3")
_counts = st.none() | st.integers(1, 99)
_days = st.none() | st.integers(1, 30)


def _availability(point: str, available: str, count: int | None, days: int | None) -> Availability:
    return {
        "storeId": point,
        "available": available,
        "stockCount": count,
        "stockSpecified": count is not None,
        "preOrder": days,
    }


_rows = st.tuples(
    *(
        st.builds(_availability, st.just(point), st.sampled_from(["yes", "no"]), _counts, _days)
        for point in _POINTS
    )
)
_edits = st.dictionaries(
    st.sampled_from(_POINTS),
    st.fixed_dictionaries(
        {},
        optional={
            "available": st.sampled_from(["yes", "no"]),
            "stockCount": _counts,
            "preOrder": _days,
        },
    ),
)


@given(_rows, _edits)
def test_only_what_was_edited_changes(
    rows: tuple[Availability, ...], edits: dict[str, dict[str, Any]]
) -> None:
    after = rules.overlay(rows, cast("Edits", edits))
    assert [row["storeId"] for row in after] == [row["storeId"] for row in rows]
    for old, new in zip(rows, after, strict=True):
        edit = edits.get(old["storeId"], {})
        touched = set(edit) | ({"stockSpecified"} if "stockCount" in edit else set())
        assert {k: v for k, v in new.items() if k not in touched} == {
            k: v for k, v in old.items() if k not in touched
        }


@given(_rows, _edits, _edits)
def test_two_edits_in_turn_are_their_combination(
    rows: tuple[Availability, ...], one: Edits, two: Edits
) -> None:
    in_turn = rules.overlay(rules.overlay(rows, one), two)
    assert in_turn == rules.overlay(rows, rules.combine(one, two))


@given(_rows, _edits)
def test_old_values_take_an_edit_back(rows: tuple[Availability, ...], edits: Edits) -> None:
    before = rules.values_at(rows, edits)
    assert rules.overlay(rules.overlay(rows, edits), before) == rows


@given(_rows, _edits)
def test_what_is_laid_over_is_shown(rows: tuple[Availability, ...], edits: Edits) -> None:
    before = rules.values_at(rows, edits)
    assert rules.is_shown(rules.overlay(rows, edits), edits, before)
    assert rules.changes_only(rules.overlay(rows, edits), edits) == {}


def test_pieces_sold_since_are_no_refusal_but_the_old_number_is() -> None:
    edits: Edits = {"1_PP1": {"stockCount": 9}}
    before: Edits = {"1_PP1": {"stockCount": 4}}
    for count, is_shown in ((9, True), (8, True), (4, False), (10, False)):
        rows = (_availability("1_PP1", "yes", count, None),)
        assert rules.is_shown(rows, edits, before) is is_shown
