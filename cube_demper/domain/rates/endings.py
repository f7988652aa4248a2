"""Where the tables end: what an operator adds before calculations refuse or take a general rate. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cube_demper.domain.rates.rows import TaxRow
from cube_demper.domain.rates.tables import Tables, last_day

SOON = timedelta(days=31)
"""A decision of the bank and a budget are known some days ahead, not months."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A table's last known day, and what happens without a new row."""

    name: str
    last: date
    after: str

    def is_over(self, on: date) -> bool:
        """Whether the day is past the table."""
        return on > self.last


def endings(tables: Tables, on: date) -> tuple[Ending, ...]:
    """Return the tables that end within a month or have ended, the first to end first."""
    found = [it for it in _endings(tables) if it.last <= on + SOON]
    return tuple(sorted(found, key=lambda it: (it.last, it.name)))


def _endings(tables: Tables) -> Iterator[Ending]:
    if last := last_day(tables.base_rates):
        yield Ending("Базовая ставка НБ РК", last, "пеня за дни после не считается")
    if last := last_day(tables.indexes):
        yield Ending("МРП и МЗП", last, "налоги и пошлины за дни после не считаются")
    own = [row for row in tables.taxes if row.code == "simplified" and row.region]
    for day in sorted({row.valid_to for row in own if row.valid_to}):
        if names := _ending_on(own, day):
            yield Ending(f"Упрощёнка: {', '.join(names)}", day, "берётся общая ставка, неточно")


def _ending_on(rows: list[TaxRow], day: date) -> list[str]:
    """Return the regions whose own rate ends on a day and has no next row."""
    lasts = {
        name: last_day(row for row in rows if row.region == name)
        for name in {row.region for row in rows}
    }
    return sorted(name for name, last in lasts.items() if name and last == day)
