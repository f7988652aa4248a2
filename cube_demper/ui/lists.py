"""The frame of a list page: its state by the address, its table, and what stands around it.

A page's state says what its address asks for (`_asked`), reads it (`_read`) and puts it into words
(`_show`); opening, turning, sorting and live re-reading are here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import reflex as rx

from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui.actions import Text
from cube_demper.ui.filters import Tab, filter_bar, search_box, sort_select, tabs
from cube_demper.ui.guards import guarded
from cube_demper.ui.i18n import tr
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads
from cube_demper.ui.tables import Column, data_table, two_lines


@dataclass
class ListView:
    """What the page was asked for, as its controls show it."""

    tab: str = ""
    search: str = ""
    store: str = ""
    sort: str = ""
    page: int = 1
    total: int = 0
    is_narrowed: bool = False


class _Asked(Protocol):
    @property
    def search(self) -> str: ...
    @property
    def store_id(self) -> object: ...
    @property
    def sort(self) -> str: ...
    @property
    def is_descending(self) -> bool: ...


class _Page(Protocol):
    @property
    def page(self) -> int: ...
    @property
    def total(self) -> int: ...


def view_of(asked: _Asked, found: _Page, *, tab: str, is_narrowed: bool) -> ListView:
    """Say what was asked for and found; `is_narrowed`: by more than the tab."""
    return ListView(
        tab=tab,
        search=asked.search,
        store=str(asked.store_id or ""),
        sort=f"-{asked.sort}" if asked.is_descending else asked.sort,
        page=found.page,
        total=found.total,
        is_narrowed=is_narrowed,
    )


class ListMixin(LiveMixin, PageMixin, rx.State, mixin=True):
    """One page of rows; the state that is made of it has `rows: list[RowView]`."""

    view: ListView = ListView()
    counts: dict[str, int] = {}  # noqa: RUF012 - a Reflex var, copied per state

    _concern: ClassVar[frozenset[str]] = frozenset()
    """Kinds of events that change the list; none named: all do."""

    def _asked(self) -> Any:
        """Return what the address asks for."""
        raise NotImplementedError

    async def _read(self, asked: Any) -> Any:
        """Read it for the current actor; it runs without the state's lock."""
        raise NotImplementedError

    def _show(self, found: Any) -> None:
        """Put what was read into words and say that the phase is "ready"."""
        raise NotImplementedError

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        await self._read_and_show()

    @guarded(Role.USER)
    async def refresh(self) -> None:
        """Read the same page again, its rows standing meanwhile."""
        await self._read_and_show()

    async def _read_and_show(self) -> None:
        self._show(await self._read(self._asked()))

    async def _changed(self, events: list[BrowserEvent]) -> Any:
        if not self._concern or any(it.kind in {REREAD, *self._concern} for it in events):
            await self._reread()

    async def _reread(self) -> None:
        async with self:  # what a background handler sees outside is as old as its last look
            asked = self._asked()
        found = await self._read(asked)
        async with self:
            self._show(found)


def list_table(
    state: Any,
    columns: Sequence[Column],
    *,
    label: Text,
    card: str,
    card_columns: str,
    page_size: int,
    row_name: Callable[[Any], Any] | None = None,
    **around: Any,
) -> rx.Component:
    """Show the rows of a ListMixin; `around` is what `data_table` takes besides."""
    view = state.view
    return data_table(
        state.rows,
        columns,
        label=label,
        phase=state.phase,
        card=card,
        card_columns=card_columns,
        total=view.total,
        page=view.page,
        page_size=page_size,
        sort=view.sort,
        row_name=row_name,
        on_retry=state.load,
        **around,
    )


def figure(key: str, title: Text, *, width: str, sort: str | None = None, **more: Any) -> Column:
    """Make a column of `row.<key>` with `row.<key>_note` under it, at the right."""

    def cell(row: Any) -> rx.Component:
        return two_lines(row[key], row[f"{key}_note"])

    return Column(key, title, cell, width=width, align="right", sort=sort, **more)


def list_tabs(state: Any, words: Mapping[str, str], *, rare: Collection[str] = ()) -> rx.Component:
    """Show «Все» and a tab for each of `words`, with their counts; those in `rare` while they hold any."""
    everything = Tab("", tr("Все"), state.counts[""])
    others = [Tab(it, tr(text), state.counts[it], is_rare=it in rare) for it, text in words.items()]
    return tabs([everything, *others], state.view.tab)


def list_tools(
    state: Any, search: Text, *parts: rx.Component, sorts: Mapping[str, str] | None = None
) -> rx.Component:
    """Search by `search`, filters, how many are found, and the order where `sorts` are given."""
    view = state.view
    return filter_bar(
        search_box(view.search, search),
        *parts,
        found=view.total,
        active=view.is_narrowed,
        right=sort_select(sorts, view.sort) if sorts else None,
    )


def unless_none(
    state: Any, has_any: rx.Var[bool], *parts: rx.Component, none: rx.Component
) -> rx.Component:
    """Show the list, or `none` in a card once it is known that there is nothing to list at all."""
    return rx.cond(
        has_any | (state.phase != "ready"),
        rx.fragment(*parts),
        rx.el.div(none, class_name="k-card"),
    )
