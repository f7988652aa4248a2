"""Plots of a report of orders."""

from __future__ import annotations

from datetime import datetime, time

import plotly.graph_objects as go

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import NBSP, TIYN_IN_TENGE
from cube_demper.domain.orders.analytics_schemas import DaySales, SalesReport
from cube_demper.ui.charts import new_figure, paint, wall_time
from cube_demper.ui.format import counted, number


def days_figure(report: SalesReport) -> go.Figure:
    """Draw the revenue of each day, or week, as a bar; hovering tells the orders."""
    figure = new_figure(hovermode="x", bargap=0.25)
    figure.add_bar(
        x=[wall_time(datetime.combine(it.begins, time(12), ALMATY)) for it in report.bins],
        y=[it.revenue / TIYN_IN_TENGE for it in report.bins],
        customdata=[_orders(it) for it in report.bins],
        marker={"color": paint("mine")},
        hovertemplate=f"%{{y:,.0f}}{NBSP}₸, %{{customdata}}<extra></extra>",
    )
    first = "Неделя с %-d %b" if report.is_weekly else "%-d %b"
    figure.update_xaxes(hoverformat=first)
    figure.update_yaxes(rangemode="tozero", nticks=5)
    return figure


def hours_figure(report: SalesReport) -> go.Figure:
    """Draw how many orders each hour of the day brings."""
    figure = new_figure(unit="", hovermode="x", bargap=0.2)
    figure.add_bar(
        x=list(range(24)),
        y=list(report.hours),
        customdata=[
            f"{hour}:00–{hour + 1}:00, {counted(count, 'заказ', 'заказа', 'заказов')}"
            for hour, count in enumerate(report.hours)
        ],
        marker={"color": paint("mine")},
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.update_xaxes(
        tickvals=[0, 3, 6, 9, 12, 15, 18, 21],
        ticktext=[f"{hour}:00" for hour in range(0, 24, 3)],
        range=[-0.6, 23.6],
    )
    figure.update_yaxes(rangemode="tozero", nticks=4, tickformat=",d")
    return figure


def _orders(it: DaySales) -> str:
    lost = it.orders - it.kept
    words = counted(it.orders, "заказ", "заказа", "заказов")
    return f"{words}, из них потеряно {number(lost)}" if lost else words
