"""A replay in words: the table, the sentence, what is recorded and what is assumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from cube_demper.core.money import format_tenge
from cube_demper.domain.replay.schemas import SHOWN_AFTER, Figures, Outcome
from cube_demper.ui.format import NOTHING, counted, duration, number, percent, signed_tenge

_DAY = timedelta(days=1)
ASSUMED = (
    "Считаем, что конкуренты вели бы себя так же, как на самом деле, а цена появлялась на витрине "
    f"через {int(SHOWN_AFTER.total_seconds())} секунд. Сколько было бы продаж, никто не знает: "
    "сравниваем места и цены, не выручку."
)


@dataclass
class Comparison:
    """One line of the table."""

    name: str = ""
    real: str = ""
    tried: str = ""


@dataclass
class ResultView:
    """What came of a rule."""

    is_shown: bool = False
    title: str = ""
    recorded: str = ""
    is_thin: bool = False
    """Less than half of the asked span is recorded."""
    assumed: str = ASSUMED
    rows: list[Comparison] = field(default_factory=list)


def result_view(outcome: Outcome, cost_price: int | None = None) -> ResultView:
    """Put an outcome into words."""
    asked = outcome.until - outcome.since
    return ResultView(
        is_shown=True,
        title=_title(outcome),
        recorded=_recorded(outcome, asked),
        is_thin=outcome.recorded * 2 < asked,
        rows=comparisons(outcome, cost_price) if outcome.tried.on_sale else [],
    )


def _title(outcome: Outcome) -> str:
    real, tried = outcome.real, outcome.tried
    if tried.first_share is None or real.first_share is None:
        return "Проверить не на чем: рынок этого товара за это время не записан"
    now, then = share(tried.first_share), share(real.first_share)
    return f"С этим правилом вы были бы первыми {now} времени, на деле — {then}"


def _recorded(outcome: Outcome, asked: timedelta) -> str:
    whole = counted(asked // _DAY, "день", "дня", "дней")
    if outcome.recorded >= asked * 0.98:
        words = f"Рынок записан за все {whole}"
    else:
        words = f"Рынок записан за {span(outcome.recorded)} из {asked // _DAY}"
        words += " дней: остальное время на товар никто не смотрел"
    if outcome.is_cut:
        words += ". Рынок меняется очень часто, проверена только первая часть"
    unsold = outcome.recorded - outcome.tried.on_sale
    if unsold > timedelta(hours=1) and outcome.tried.on_sale:
        words += f". Вашего предложения не было {duration(unsold)}"
    return words + "."


def comparisons(outcome: Outcome, cost_price: int | None = None) -> list[Comparison]:
    """Return the table's lines."""
    real, tried = outcome.real, outcome.tried
    rows = [
        Comparison("Первое место", share(real.first_share), share(tried.first_share)),
        Comparison("Средняя цена", price(real.mean_price), price(tried.mean_price)),
        Comparison("Изменений цены", number(real.changes), number(tried.changes)),
        Comparison("На полу", share(real.floor_share), share(tried.floor_share)),
    ]
    if difference := _difference(real, tried):
        rows.append(Comparison("Разница с каждой продажи", NOTHING, signed_tenge(difference)))
    if cost_price is not None and real.mean_price and tried.mean_price:
        margins = [format_tenge(it - cost_price) for it in (real.mean_price, tried.mean_price)]
        rows.append(Comparison("Цена минус себестоимость", *margins))
    if outcome.wars:
        rows.append(Comparison("Пауз из-за ценовой войны", NOTHING, number(outcome.wars)))
    if outcome.held_falls:
        rows.append(Comparison("Спросил бы вашего согласия", NOTHING, number(outcome.held_falls)))
    return rows


def _difference(real: Figures, tried: Figures) -> int | None:
    if real.mean_price is None or tried.mean_price is None:
        return None
    return round((tried.mean_price - real.mean_price) / 100) * 100


def share(value: float | None) -> str:
    """Show a part of the time."""
    return NOTHING if value is None else percent(value * 100, digits=0)


def price(tiyn: int | None) -> str:
    """Show a mean price in whole tenge."""
    return NOTHING if tiyn is None else format_tenge(round(tiyn / 100) * 100)


def span(recorded: timedelta) -> str:
    """Show how long: «3 дня», or hours under two days."""
    if recorded < 2 * _DAY:
        return counted(round(recorded / timedelta(hours=1)), "час", "часа", "часов")
    return counted(round(recorded / _DAY), "день", "дня", "дней")
