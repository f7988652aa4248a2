"""What the page says of the reading of a store's orders, as text."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper.domain.orders.switching import PollView
from cube_demper.domain.orders.words import PROBLEM_TITLES, PROBLEM_WORDS, SOURCE_WORDS
from cube_demper.models.polling import PollProblem
from cube_demper.ui.format import counted, moment

_ORDERS = ("заказ", "заказа", "заказов")
_PASSING = frozenset({PollProblem.SILENT, PollProblem.CROWDED})


@dataclass
class ReadingRow:
    """The reading of a store's orders. `title` and `text`: what stands in the way."""

    words: str = "не читаем"
    tone: str = "gray"
    is_on: bool = False
    title: str = ""
    text: str = ""
    is_passing: bool = False


def reading_row(view: PollView | None) -> ReadingRow:
    """Put the reading into words."""
    if view is None or not view.is_on:
        return ReadingRow()
    words, tone = _words(view)
    if view.problem is None:
        return ReadingRow(words, tone, is_on=True)
    title = PROBLEM_TITLES[view.problem]
    return ReadingRow(
        words,
        tone,
        is_on=True,
        title=f"{title[0].upper()}{title[1:]}",
        text=PROBLEM_WORDS[view.problem],
        is_passing=view.problem in _PASSING,
    )


def _words(view: PollView) -> tuple[str, str]:
    if view.problem is not None:
        return PROBLEM_TITLES[view.problem], "amber" if view.problem in _PASSING else "red"
    if not view.import_percent and view.polled_at is None:
        return "ждут первого чтения", "blue"
    if view.import_percent is not None:
        words = f"загружаем прошлые: {view.import_percent} %"
        return f"{words}, {counted(view.imported, *_ORDERS)}", "blue"
    source = SOURCE_WORDS[view.source] if view.source else ""
    return f"читаем {source}, {moment(view.polled_at)}", "green"
