"""Held falls and price wars as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.core.money import format_tenge
from cube_demper.domain.catalog.view_schemas import PriceSeries, Step
from cube_demper.domain.pricing.consent import HeldFall
from cube_demper.domain.pricing.wars import service as wars
from cube_demper.domain.pricing.wars.schemas import RestForecast, War
from cube_demper.models.rivalry import WarEnd
from cube_demper.ui.format import counted, duration, moment, percent


@dataclass
class HeldView:
    """A fall that the bot holds back in one city."""

    id: str
    title: str
    text: str
    is_allowed: bool


@dataclass
class WarView:
    """The last price war of the product."""

    id: str = ""
    is_on: bool = False
    title: str = ""
    note: str = ""
    cost: str = ""
    spared: str = ""
    caption: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    rival: str = ""
    rival_id: str = ""


@dataclass
class Question:
    """What is asked before it happens. `act`: "", "allow", "end" or "exclude"."""

    act: str = ""
    id: str = ""
    title: str = ""
    text: str = ""
    verb: str = ""
    numbers: list[tuple[str, str]] = field(default_factory=list)


def held_view(fall: HeldFall, city: str) -> HeldView:
    """Say what would happen to the price, in numbers; `city` is empty where there is only one."""
    where = f" ({city})" if city else ""
    title = (
        f"Цена упадёт с {format_tenge(fall.price)} до {format_tenge(fall.target)},"
        f" на {_share(fall)}{where}"
    )
    text = f"Обычная цена за сутки {format_tenge(fall.reference)}."
    if fall.rival_price is not None:
        text += f" Конкурент «{fall.rival_name}» поставил {format_tenge(fall.rival_price)}."
    if fall.is_allowed:
        text += f" Снижение разрешено до {moment(fall.allowed.until)}, бот проверит цену сам."
    else:
        text += " Бот не пошёл за ним: возможно, это ошибка."
    return HeldView(fall.city_id, title, text, fall.is_allowed)


def allow_question(fall: HeldFall) -> Question:
    """Ask for consent to one fall."""
    return Question(
        act="allow",
        id=fall.city_id,
        title=f"Снизить цену на {_share(fall)}?",
        text=(
            f"Разрешение — только на это снижение и до {moment(fall.allowed.until)}. Если конкурент"
            f" уйдёт ниже {format_tenge(fall.allowed.price)}, бот спросит снова."
        ),
        verb="Разрешить снижение",
        numbers=[
            ("Цена сейчас", format_tenge(fall.price)),
            ("Обычная цена за сутки", format_tenge(fall.reference)),
            ("Цена станет", format_tenge(fall.target)),
        ],
    )


def war_view(war: War, now: datetime) -> WarView:
    """Put a war into words."""
    is_on, figures = war.is_on(now), war.figures
    return WarView(
        id=str(war.id),
        is_on=is_on,
        title="Ценовая война" if is_on else "Последняя ценовая война",
        note=f"с «{war.rival_name or war.rival_id}»",
        cost=wars.cost_words(figures, is_on=is_on),
        spared=wars.spared_words(figures, war.rest_price),
        caption=_course(war, now),
        facts=[
            ("Сейчас" if is_on else "Закончилась", _state(war, now)),
            ("Началась", moment(war.began_at, now=now)),
            ("Длится" if is_on else "Длилась", duration(figures.lasted)),
            ("Цена в начале", format_tenge(war.start_price)),
            (
                "Ниже всего",
                f"{format_tenge(figures.lowest)} ({wars.share_below(figures, war.start_price)})",
            ),
            ("Цена паузы", format_tenge(war.rest_price)),
        ],
        rival=war.rival_name or war.rival_id,
        rival_id=war.rival_id,
    )


def series_of(war: War, now: datetime) -> PriceSeries:
    """Return the lines of the war's chart."""
    return PriceSeries(
        own=_line([(step.at, step.own) for step in war.steps]),
        rival=_line([(step.at, step.rival) for step in war.steps]),
        floor=_line([(step.at, step.floor) for step in war.steps]),
        since=war.began_at,
        until=min(war.ends_at, now),
    )


def end_question(war: War, forecast: RestForecast) -> Question:
    """Ask whether to answer the rival again at once."""
    numbers = [("Цена сейчас", format_tenge(forecast.price))]
    if forecast.rival_price is None:
        text = "Конкурента на карточке не видно: бот снова будет следить за остальными."
    elif forecast.target is None:
        text = "Конкурент стоит ниже вашей мин. цены: туда бот не пойдёт и будет ждать."
        numbers.append(("Цена конкурента", format_tenge(forecast.rival_price)))
    else:
        text = f"Бот сразу снова начнёт отвечать «{war.rival_name}», и война может повториться."
        numbers.append(("Цена конкурента", format_tenge(forecast.rival_price)))
        numbers.append(("Цена может стать", format_tenge(forecast.target)))
    if forecast.floor is not None:
        numbers.append(("Ниже не пойдёт", format_tenge(forecast.floor)))
    return Question("end", str(war.id), "Закончить паузу сейчас?", text, "Закончить паузу", numbers)


def exclude_question(war: War) -> Question:
    """Ask whether the whole store should leave the rival out of account."""
    return Question(
        act="exclude",
        id=str(war.id),
        title=f"Не учитывать «{war.rival_name or war.rival_id}»?",
        text=(
            "Бот перестанет отвечать этому продавцу на всех товарах магазина. Он может оказаться"
            " дешевле вас, и бот этого не заметит. Вернуть можно в любой момент."
        ),
        verb="Не учитывать",
    )


def _share(fall: HeldFall) -> str:
    return percent((fall.reference - fall.target) * 100 / fall.reference)


def _state(war: War, now: datetime) -> str:
    until = moment(war.ends_at, now=now)
    if war.is_on(now):
        return f"пауза до {until}"
    reasons = {WarEnd.RIVAL_GONE: "конкурент ушёл", WarEnd.BY_SELLER: "паузу закончили вы"}
    reason = reasons.get(war.end_reason) if war.end_reason else None
    return f"{until}, {reason}" if reason else until


def _course(war: War, now: datetime) -> str:
    falls = counted(war.falls, "снижение", "снижения", "снижений")
    span = duration(war.called_at - war.began_at)
    return (
        f"{falls} за {span} вслед за одним продавцом, затем бот вернул"
        f" {format_tenge(war.rest_price)} и"
        f" {'не отвечает ему' if war.is_on(now) else 'не отвечал ему'}."
    )


def _line(points: list[tuple[datetime, int | None]]) -> tuple[Step, ...]:
    found: list[Step] = []
    for at, price in points:
        if price is not None and (not found or found[-1].price != price):
            found.append(Step(at, price))
    return tuple(found)
