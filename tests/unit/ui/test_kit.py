"""Parts of the kit that can be wrong without a browser."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest
import reflex as rx

from cube_demper.core.errors import InvalidInput
from cube_demper.models.pricing import PriceStatus
from cube_demper.seller import navigation
from cube_demper.ui import charts
from cube_demper.ui.inline_editor import EditsMixin
from cube_demper.ui.shell import NavItem
from cube_demper.ui.statuses import STATUSES


class Edits(EditsMixin, rx.State):
    """A page with cells."""


def test_the_same_refusal_twice_is_told_twice() -> None:
    edits = Edits()
    for _ in range(2):
        edits._refused("1:min", InvalidInput("Введите целое число."))
    assert edits.edits["1:min"].turn == 2
    assert edits.edits["1:min"].error == "Введите целое число."
    edits._saved("1:min")
    assert (edits.edits["1:min"].turn, edits.edits["1:min"].error) == (3, "")


@pytest.mark.parametrize("status", list(PriceStatus))
def test_every_status_of_a_price_has_a_word_and_an_icon(status: PriceStatus) -> None:
    assert STATUSES[status].word
    assert STATUSES[status].icon


def test_light_colours_differ_so_that_dark_ones_can_be_found() -> None:
    light = [pair[0] for pair in charts.COLOURS.values()]
    assert len(set(light)) == len(light)


def test_a_figure_is_painted_in_named_colours_only() -> None:
    figure = charts.new_figure()
    charts.add_line(figure, [], [], name="моя")
    charts.label_end(figure, 1, "мин.", "floor")
    known = {pair[0] for pair in charts.COLOURS.values()} | {"rgba(0,0,0,0)"}
    assert isinstance(figure, go.Figure)
    assert set(_colours(figure.to_plotly_json())) <= known


def _colours(part: object) -> list[str]:
    if isinstance(part, dict):
        return [found for value in part.values() for found in _colours(value)]
    if isinstance(part, list | tuple):
        return [found for value in part for found in _colours(value)]
    return [part] if isinstance(part, str) and part.startswith(("#", "rgba")) else []


@pytest.mark.parametrize(
    ("route", "held"),
    [
        ("/products", True),
        ("/products/[product_id]", True),
        ("/productsx", False),
        ("/products/new", False),
        ("/products/new/[step]", False),
        ("/products/newest", True),
    ],
)
def test_a_place_holds_what_is_inside_it(route: str, held: bool) -> None:
    assert NavItem("/products", "Товары", "package", but=("/products/new",)).holds(route) is held


def test_the_overview_holds_only_itself() -> None:
    assert navigation.OVERVIEW.holds("/")
    assert not navigation.OVERVIEW.holds("/bot")


def test_the_phones_bar_has_at_most_four_places_beside_more() -> None:
    assert len(navigation.NAVIGATION.bottom) <= 4
