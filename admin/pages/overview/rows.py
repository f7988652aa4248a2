"""The product's figures as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.core.money import format_tenge
from cube_demper.domain.statistics.schemas import DayRow, Machine, PlanMoney, Report
from cube_demper.ui.format import age, counted, number, percent, plural

_PEOPLE = ("продавец", "продавца", "продавцов")


@dataclass
class Figure:
    """One number with its change against the span before."""

    value: str = "—"
    note: str = ""
    change: str = ""
    tone: str = "gray"


@dataclass
class MoneyView:
    """The money of a span."""

    span: str = "30"
    mrr: Figure = field(default_factory=Figure)
    revenue: Figure = field(default_factory=Figure)
    churn: Figure = field(default_factory=Figure)
    sign_ups: Figure = field(default_factory=Figure)
    prices: Figure = field(default_factory=Figure)
    goods: Figure = field(default_factory=Figure)
    revenue_caption: str = ""
    prices_caption: str = ""
    errors_caption: str = ""
    mrr_caption: str = ""
    has_history: bool = False
    has_revenue: bool = False
    has_prices: bool = False
    has_errors: bool = False
    collected: str = ""


@dataclass
class MachineView:
    """The machine now."""

    online: Figure = field(default_factory=Figure)
    workers: Figure = field(default_factory=Figure)
    queues: Figure = field(default_factory=Figure)
    kaspi: Figure = field(default_factory=Figure)
    errors: Figure = field(default_factory=Figure)


def money_view(it: Report, now: datetime) -> MoneyView:
    """Put a span into words."""
    today = it.days[-1]
    return MoneyView(
        span=str(len(it.days)),
        mrr=Figure(format_tenge(it.mrr), _by_plan(it.plans)),
        revenue=Figure(
            format_tenge(it.revenue_total),
            "к прошлому сроку",
            *_growth(it.revenue_total, it.revenue_before),
        ),
        churn=_churn(it),
        sign_ups=Figure(number(it.sign_ups), f"на пробном сейчас {number(it.trials)}"),
        prices=Figure(number(sum(day.changed for day in it.days)), _refused(it)),
        goods=_goods(today),
        revenue_caption=_revenue(it),
        prices_caption=_prices(it),
        errors_caption=_errors(it),
        mrr_caption="Сколько все платные тарифы приносят за 30 дней, на конец каждого дня.",
        has_revenue=bool(it.revenue),
        has_prices=any(day.changed for day in it.days),
        has_errors=any(sum(day.errors.values()) for day in it.days),
        has_history=sum(day.mrr is not None for day in it.days) > 1,
        collected=f"Товары и цены посчитаны {age(today.collected_at, now)}"
        if today.collected_at
        else "Товары и цены ещё не считали: это делает процесс billing раз в 5 минут",
    )


def _by_plan(plans: Sequence[PlanMoney]) -> str:
    parts = [f"{it.title} {format_tenge(it.mrr)} · {number(it.people)}" for it in plans]
    return ", ".join(parts) or "никто ещё не платит"


def _churn(it: Report) -> Figure:
    churn = it.churn
    if churn.percent is None:
        return Figure("—", f"пришло {number(churn.won)}, уходить ещё некому")
    return Figure(
        percent(churn.percent),
        f"ушло {number(churn.lost)} из {number(churn.before)}, пришло {number(churn.won)}",
    )


def _goods(today: DayRow) -> Figure:
    if today.goods is None:
        return Figure("—", "ещё не посчитаны")
    return Figure(
        number(today.goods),
        f"с ботом {number(today.bots)}, магазинов в работе {number(today.stores)}",
    )


def _refused(it: Report) -> str:
    refused = sum(day.refused for day in it.days)
    suggested = sum(day.suggested for day in it.days)
    return f"отказов Kaspi {number(refused)}, советов {number(suggested)}"


def _revenue(it: Report) -> str:
    if not it.revenue:
        return "За этот срок оплат не было."
    best = max(it.revenue, key=lambda day: sum(it.revenue[day].values()))
    top = format_tenge(sum(it.revenue[best].values()))
    return f"Больше всего денег пришло {best:%d.%m}: {top}. Возвраты вычтены в свой день."


def _prices(it: Report) -> str:
    busiest = max(it.days, key=lambda day: day.changed)
    if not busiest.changed:
        return "За этот срок цены не менялись."
    return f"Больше всего изменений {busiest.day:%d.%m}: {number(busiest.changed)}."


def _errors(it: Report) -> str:
    total = sum(sum(day.errors.values()) for day in it.days)
    if not total:
        return "Ошибок за этот срок не было."
    today = number(sum(it.days[-1].errors.values()))
    return f"{counted(total, 'ошибка', 'ошибки', 'ошибок')} за срок; сегодня {today}."


def _growth(now: int, before: int) -> tuple[str, str]:
    if now <= 0 or before <= 0:
        return "", "gray"
    change = 100 * (now - before) / before
    if abs(change) < 0.5:
        return "", "gray"
    sign, tone = ("+", "green") if change > 0 else ("−", "red")
    return f"{sign}{percent(abs(change), digits=0)}", tone


def machine_view(it: Machine) -> MachineView:
    """Put the machine into words."""
    stuck = sum(queue.stuck for queue in it.queues)
    return MachineView(
        online=Figure(number(it.online), "за последние 5 минут"),
        workers=Figure(
            number(len(it.workers) - it.silent),
            f"молчат {number(it.silent)}" if it.silent else "все отвечают",
            tone="red" if it.silent else "green",
        ),
        queues=Figure(
            number(sum(queue.waiting for queue in it.queues)),
            f"не выходит {number(stuck)}" if stuck else "всё идёт",
        ),
        kaspi=Figure(
            number(it.changes),
            _kaspi(it),
        ),
        errors=Figure(
            number(it.failing),
            f"{plural(it.failing, 'товар', 'товара', 'товаров')} не удаётся проверить",
        ),
    )


def _kaspi(it: Machine) -> str:
    parts = [f"из {number(it.changes_limit)} на магазин за 30 мин"]
    if it.banned:
        parts.append(f"под запретом {number(it.banned)}")
    if it.near_limit:
        parts.append(f"у предела {number(it.near_limit)}")
    return ", ".join(parts)
