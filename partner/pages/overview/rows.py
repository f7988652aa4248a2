"""A partner's figures as text."""

from __future__ import annotations

from dataclasses import dataclass, field

from cube_demper.core.money import format_tenge
from cube_demper.domain.partners.schemas import Balance, Report
from cube_demper.ui.format import counted, number, percent

_LEFT_OUT = {
    "bot": ("робот", "робота", "роботов"),
    "preview": ("предпросмотр", "предпросмотра", "предпросмотров"),
    "prefetch": ("загрузка заранее", "загрузки заранее", "загрузок заранее"),
    "own": ("ваш собственный", "ваших собственных", "ваших собственных"),
    "repeat": ("повтор", "повтора", "повторов"),
}


@dataclass
class Figure:
    """One number with its change against the span before."""

    value: str = ""
    change: str = ""
    tone: str = "gray"
    note: str = ""


@dataclass
class OverviewView:
    """All that the page shows besides the plots."""

    span: str = "30"
    has_any: bool = True
    clicks: Figure = field(default_factory=Figure)
    sign_ups: Figure = field(default_factory=Figure)
    payments: Figure = field(default_factory=Figure)
    earned: Figure = field(default_factory=Figure)
    payable: str = ""
    payable_note: str = ""
    held: str = ""
    doubted: str = ""
    asked: str = ""
    paid: str = ""
    clicks_caption: str = ""
    people_caption: str = ""
    earnings_caption: str = ""


def overview_view(report: Report, balance: Balance) -> OverviewView:
    """Put the figures into words."""
    now, before = report.total, report.before
    return OverviewView(
        span=str(len(report.days)),
        has_any=any((now.clicks, now.sign_ups, now.payments, now.earned)),
        clicks=_figure(now.clicks, before.clicks, "без роботов и повторов"),
        sign_ups=_figure(
            now.sign_ups, before.sign_ups, _share(now.sign_ups, now.clicks, "переходов")
        ),
        payments=_figure(now.payments, before.payments, ""),
        earned=Figure(
            format_tenge(now.earned), *_growth(now.earned, before.earned), "за вычетом возвратов"
        ),
        payable=format_tenge(balance.payable),
        payable_note="можно запросить" if balance.payable > 0 else "появится после удержания",
        held=format_tenge(balance.held),
        doubted=format_tenge(balance.doubted) if balance.doubted else "",
        asked=format_tenge(balance.asked) if balance.asked else "",
        paid=format_tenge(balance.paid),
        clicks_caption=_clicks(now.clicks, report.left_out),
        people_caption=_people(now.sign_ups, now.payments),
        earnings_caption="Комиссия показана днём оплаты, возврат — днём возврата.",
    )


def _figure(now: int, before: int, note: str) -> Figure:
    return Figure(number(now), *_growth(now, before), note)


def _share(part: int, whole: int, of: str) -> str:
    return f"{percent(100 * part / whole)} {of}" if whole and part <= whole else ""


def _growth(now: int, before: int) -> tuple[str, str]:
    if now <= 0 or before <= 0:
        return "", "gray"
    change = 100 * (now - before) / before
    if abs(change) < 0.5:
        return "", "gray"
    sign, tone = ("+", "green") if change > 0 else ("−", "red")
    return f"{sign}{percent(abs(change), digits=0)}", tone


def _people(sign_ups: int, payments: int) -> str:
    return ", ".join(
        (
            counted(sign_ups, "регистрация", "регистрации", "регистраций"),
            counted(payments, "оплата", "оплаты", "оплат") + ".",
        )
    )


def _clicks(count: int, left_out: dict[str, int]) -> str:
    parts = [counted(left_out[it], *words) for it, words in _LEFT_OUT.items() if left_out.get(it)]
    rest = f" Не считаем: {', '.join(parts)}." if parts else ""
    return f"{counted(count, 'переход', 'перехода', 'переходов')}.{rest}"
