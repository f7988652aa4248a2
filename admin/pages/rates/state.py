"""A table by the address (`?tab=tax&q=…&page=2`), and a new row of those that a person adds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import reflex as rx

from admin.listing import AdminList
from admin.pages.rates.rows import TABS, RateRow, counts, ending_words, rate_rows
from cube_demper import bootstrap
from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import parse_tenge
from cube_demper.core.paging import PAGE_SIZE, Page, inside, offset
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.rates import service as rates
from cube_demper.domain.rates.endings import endings
from cube_demper.domain.rates.rows import BaseRateRow, Confidence, IndexRow
from cube_demper.domain.rates.tables import Tables
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.query import ListQuery


class RatesState(AdminList, FormErrors, rx.State):
    """One table, what ends soon, and the form."""

    rows: list[RateRow] = []
    endings: list[str] = []
    form: str = ""
    """«base_rate», «index» or none."""

    def _asked(self) -> ListQuery:
        return self._query()

    async def _read(self, asked: ListQuery) -> tuple[ListQuery, Tables]:
        session.current_actor().require_operator()
        async with bootstrap.web().db.read() as tx:
            return asked, await rates.current(tx)

    def _show(self, found: tuple[ListQuery, Tables]) -> None:
        asked, tables = found
        today = _today()
        tab = asked.filters.get("tab", "")
        tab = tab if tab in TABS else "index"
        rows = rate_rows(tables, tab, asked.search, today)
        page = inside(asked.page, len(rows))
        start = offset(page)
        shown = Page(rows, page, len(rows), counts(tables))
        asked = replace(asked, filters={"tab": tab})
        self.endings = ending_words(endings(tables, today), today)
        self._show_page(shown, asked, rows[start : start + PAGE_SIZE], TABS)

    @guarded(Role.ADMIN)
    async def begin(self, form: str) -> None:
        """Open a form."""
        self.errors, self.is_busy, self.form = {}, False, form

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close it."""
        self.form = ""

    @dangerous(Role.ADMIN)
    async def save(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Write the row: from its day on it is stronger than the one before."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        row = _base_rate(form) if self.form == "base_rate" else _index(form)
        services = bootstrap.web()
        async with services.db.write() as tx:
            await rates.put(tx, session.current_actor(), row, services.clock.now())
        self.form, self.is_busy = "", False
        await self._read_and_show()
        yield toasts.done("Записано: расчёты возьмут её со своего дня")


def _today() -> date:
    return bootstrap.web().clock.now().astimezone(ALMATY).date()


def _source(form: dict[str, str]) -> str:
    source = form.get("source", "").strip()[:200]
    if not source:
        raise InvalidInput("Напишите, откуда ставка: документ и его дата.", field="source")
    return source


def _base_rate(form: dict[str, str]) -> BaseRateRow:
    """Read the form. Raises InvalidInput for the field at fault."""
    try:
        percent = Decimal(form.get("percent", "").strip().replace(",", "."))
        is_fine = percent.is_finite() and 0 < percent <= 100
    except InvalidOperation:
        is_fine = False
    if not is_fine:
        raise InvalidInput("Число от 0 до 100, например 15,75.", field="percent")
    begins, ends = _day(form, "begins"), _day(form, "ends", is_needed=False)
    if ends is not None and begins is not None and ends < begins:
        raise InvalidInput("Последний день раньше первого.", field="ends")
    return BaseRateRow(
        percent=percent,
        valid_from=begins,
        valid_to=ends,
        source=_source(form),
        confidence=Confidence.HIGH,
    )


def _index(form: dict[str, str]) -> IndexRow:
    """Read the form. Raises InvalidInput for the field at fault."""
    year = form.get("year", "").strip()
    if not year.isdecimal() or not 2020 <= int(year) <= 2100:
        raise InvalidInput("Год четырьмя цифрами, например 2027.", field="year")
    return IndexRow(
        mrp=parse_tenge(form.get("mrp", ""), field="mrp"),
        mzp=parse_tenge(form.get("mzp", ""), field="mzp"),
        valid_from=date(int(year), 1, 1),
        valid_to=date(int(year), 12, 31),
        source=_source(form),
        confidence=Confidence.HIGH,
    )


def _day(form: dict[str, str], name: str, *, is_needed: bool = True) -> date | None:
    text = form.get(name, "")
    if not text and not is_needed:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Выберите день.", field=name) from None
