"""Dated figures: whether a table ends soon, so that the operator adds a row before sellers are refused."""

from __future__ import annotations

from datetime import date, datetime

from cube_demper.core.clock import ALMATY
from cube_demper.core.russian import counted
from cube_demper.db.session import ReadTx
from cube_demper.doctor.report import Finding, bad, good, note
from cube_demper.domain.economics import service as economics
from cube_demper.domain.rates.endings import Ending, endings

_HOW = "Добавьте строку: cube rates add --help"


async def look_at_rates(tx: ReadTx, now: datetime) -> tuple[Finding, ...]:
    """Name each table that has ended or ends within a month."""
    on = now.astimezone(ALMATY).date()
    found = endings((await economics.current_book(tx)).tables, on)
    if not found:
        return (good("Ставки и тарифы известны дальше, чем на месяц"),)
    return tuple(
        bad(f"{it.name}: таблица закончилась {it.last:%d.%m.%Y}, {it.after}", (_HOW,))
        if it.is_over(on)
        else note(f"{it.name}: по {it.last:%d.%m.%Y}, {_left(it, on)}; потом {it.after}", (_HOW,))
        for it in found
    )


def _left(ending: Ending, on: date) -> str:
    days = (ending.last - on).days
    return f"ещё {counted(days, 'день', 'дня', 'дней')}" if days else "последний день"
