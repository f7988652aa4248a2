"""Orders and the bot's effect as text and as a plot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

import plotly.graph_objects as go

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import NBSP
from cube_demper.domain.economics.calculation import percent_of_sum
from cube_demper.domain.economics.shop.sales import Sales
from cube_demper.domain.economics.shop.service import BotPrices
from cube_demper.seller.pages.products.words import goods
from cube_demper.seller.profit_hint.words import whole
from cube_demper.ui.charts import add_line, new_figure, paint, wall_time
from cube_demper.ui.format import counted, number, percent, signed_tenge

_POINTS = 600
"""Orders drawn one by one: more are a cloud."""


@dataclass
class SalesView:
    """The orders of 90 days."""

    has_orders: bool = False
    is_known: bool = False
    revenue: str = ""
    revenue_note: str = ""
    profit: str = ""
    profit_note: str = ""
    margin: str = ""
    caption: str = ""


@dataclass
class BotView:
    """What the bot changed: prices first, and money where pieces were sold."""

    title: str = ""
    lines: list[str] | None = None
    tone: str = "gray"
    estimate: str = ""


def sales_view(sold: Sales) -> SalesView:
    """Put the orders into words."""
    if not sold.orders:
        return SalesView()
    count = counted(len(sold.orders), "заказ", "заказа", "заказов")
    unknown = sold.revenue - sold.known_revenue
    gap = f"не посчитана у заказов на {whole(unknown)}: нет себестоимости или условий"
    if not sold.is_sure:
        gap = f"оценка; {gap}"
    is_known = sold.known_revenue > 0
    return SalesView(
        has_orders=True,
        is_known=is_known,
        revenue=whole(sold.revenue),
        revenue_note=f"{count} за 90 дней" + (", показаны последние" if sold.is_cut else ""),
        profit=whole(sold.profit) if is_known else "—",
        profit_note=gap if unknown else _known_note(sold),
        margin=percent(percent_of_sum(sold.profit, sold.known_revenue)),
        caption=_caption(sold),
    )


def sales_figure(sold: Sales) -> go.Figure:
    """Draw each order's margin as a point and the margin of each week as a line."""
    figure = new_figure(unit="%", hovermode="closest")
    known = [it for it in sold.orders if it.margin is not None][-_POINTS:]
    figure.add_scatter(
        x=[wall_time(it.at) for it in known],
        y=[float(it.margin or 0) for it in known],
        name="Заказ",
        mode="markers",
        marker={"color": paint("muted"), "size": 5},
        customdata=[whole(it.profit) for it in known],
        hovertemplate=f"%{{y:.1f}}{NBSP}%, прибыль %{{customdata}}<extra></extra>",
    )
    weeks = [it for it in sold.weeks if it.margin is not None]
    add_line(
        figure,
        [datetime.combine(it.begins, time(12), ALMATY) for it in weeks],
        [float(it.margin or 0) for it in weeks],
        name="Неделя",
        unit="%",
    )
    if weeks:
        last = weeks[-1]
        end = max(known[-1].at, datetime.combine(last.begins, time(13), ALMATY))
        figure.data[-1].x = (*figure.data[-1].x, wall_time(end))
        figure.data[-1].y = (*figure.data[-1].y, float(last.margin or 0))
    figure.add_hline(y=0, line={"color": paint("bad"), "width": 1})
    return figure


def bot_view(prices: BotPrices, sold: Sales) -> BotView:
    """Say what the bot changed, and what of it is an estimate."""
    if not prices.dearer and not prices.cheaper and not prices.rises and not prices.falls:
        return BotView(title="Бот ещё не менял цены", lines=[])
    falls = counted(prices.falls, "снижение", "снижения", "снижений")
    rises = counted(prices.rises, "повышение", "повышения", "повышений")
    dearer, cheaper = goods(prices.dearer), goods(prices.cheaper)
    difference = signed_tenge(prices.difference)
    lines = [
        f"За 30 дней: {falls} и {rises}.",
        f"Сейчас дороже, чем до бота: {dearer}, дешевле: {cheaper}.",
        f"По штуке каждого вместе: {difference}.",
    ]
    effect = sold.effect
    if not effect.pieces:
        estimate = (
            "Заказов с известной себестоимостью ещё нет, поэтому деньгами результат не показываем."
        )
        return BotView("Что изменил бот", lines, "gray", estimate)
    net = effect.gained - effect.lost
    lines.append(
        f"Продано {number(effect.pieces)}{NBSP}шт: повышения дали {whole(effect.gained)}, "
        f"снижения забрали {whole(effect.lost)} прибыли."
    )
    title = f"{'Заработал' if net >= 0 else 'Потерял'} на цене: {whole(abs(net))}"
    estimate = (
        "Оценка: те же продажи по цене до бота. Сколько заказов принесло само место, узнать нельзя: "
        "без снижений их могло быть меньше."
    )
    return BotView(title, lines, "green" if net >= 0 else "amber", estimate)


def _known_note(sold: Sales) -> str:
    note = "по сегодняшней себестоимости и тарифам дня заказа"
    return note if sold.is_sure else f"оценка, {note}"


def _caption(sold: Sales) -> str:
    weeks = [it for it in sold.weeks if it.margin is not None]
    losses = sum(it.profit < 0 for it in sold.orders if it.profit is not None)
    if not weeks:
        return "Прибыль заказов появится, когда у их товаров будет себестоимость."
    first, last = weeks[0], weeks[-1]
    text = f"Точка — заказ, линия — неделя: {percent(last.margin)} на последней"
    if len(weeks) > 1:
        text += f", {percent(first.margin)} на первой"
    return f"{text}. В минус ушло {counted(losses, 'заказ', 'заказа', 'заказов')}."
