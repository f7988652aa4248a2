"""Whether orders are read: every store's trouble in words, imports under way, pairs nobody knows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from cube_demper.db.session import ReadTx
from cube_demper.doctor.report import Finding, bad, good, note
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.orders import polling, switching
from cube_demper.domain.orders.switching import PollView
from cube_demper.domain.orders.words import PROBLEM_TITLES, SOURCE_WORDS

_LATE: Final = timedelta(hours=1)
_SHOWN: Final = 10


async def look_at_orders(tx: ReadTx, now: datetime) -> tuple[Finding, ...]:
    """Say which stores' orders are not read and why."""
    views = [view for view in await switching.polls(tx, SYSTEM) if view.is_on]
    if not views:
        return (note("Заказы не читаются ни у одного магазина: чтение не включено"),)
    troubled = [view for view in views if view.problem is not None]
    late = [view for view in views if view.problem is None and _is_late(view, now)]
    importing = [view for view in views if view.import_percent is not None]
    found = [_reading(views, troubled)]
    if late:
        words = f"Заказы давно не читались: {len(late)}. Запустите python -m workers orders"
        found.append(bad(words, [view.store_name for view in late[:_SHOWN]]))
    if importing:
        lines = [
            f"{it.store_name}: {it.import_percent} %, заказов {it.imported}" for it in importing
        ]
        found.append(note(f"Первая загрузка идёт: {len(importing)}", lines[:_SHOWN]))
    pairs = await polling.unclear_pairs(tx, SYSTEM)
    if pairs:
        lines = [f"{state} × {status}: {count}" for state, status, count in pairs]
        found.append(bad("Состояния Kaspi, которых мы не знаем:", lines))
    return tuple(found)


def _reading(views: list[PollView], troubled: list[PollView]) -> Finding:
    if not troubled:
        return good(f"Магазинов с чтением заказов: {len(views)}, помех нет")
    lines = [_trouble(view) for view in troubled[:_SHOWN]]
    if len(troubled) > _SHOWN:
        lines.append(f"… и ещё {len(troubled) - _SHOWN}")
    return bad(f"Заказы читаются с помехами: {len(troubled)} из {len(views)} магазинов", lines)


def _trouble(view: PollView) -> str:
    words = PROBLEM_TITLES[view.problem] if view.problem else ""
    last = f", последний раз {SOURCE_WORDS[view.source]}" if view.source else ""
    return f"{view.store_name}: {words}{last}"


def _is_late(view: PollView, now: datetime) -> bool:
    return view.import_percent is None and (view.polled_at is None or now - view.polled_at > _LATE)
