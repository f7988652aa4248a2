"""`/stats`: how answers come."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.charts import chart, legend
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header
from cube_demper.ui.placeholders import empty_state, when_ready
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table, two_lines
from cube_demper.ui.tiles import stat_tile, tiles
from support.pages.stats.rows import PersonRow
from support.pages.stats.state import StatsState

_SPANS = (
    Tab("7", "7\u00a0дней"),
    Tab("30", "30\u00a0дней"),
    Tab("90", "90\u00a0дней"),
)


def stats_page() -> rx.Component:
    """Make the page."""
    everybody = tr("Вся поддержка. Дни по времени Алматы, сроки — в рабочих часах.")
    own = tr("Ваша работа. Дни по времени Алматы, сроки — в рабочих часах.")
    return page(
        page_header(tr("Статистика"), rx.cond(StatsState.is_everybody, everybody, own)),
        tabs(_SPANS, StatsState.days, name="days"),
        when_ready(
            StatsState.phase,
            _content(),
            on_retry=StatsState.load,
            error_text=tr("Чаты на месте, статистику не получилось посчитать."),
        ),
        wide=True,
    )


def _content() -> rx.Component:
    it = StatsState.totals
    return rx.fragment(
        tiles(
            stat_tile(
                tr("Обращений открыто"), it.opened, icon="inbox", note=tr("всей поддержке"), href="/"
            ),
            stat_tile(tr("Первых ответов"), it.answered, icon="reply"),
            stat_tile(tr("Закрыто"), it.closed, icon="circle-check", href="/?tab=closed"),
            stat_tile(
                tr("Ответов с опозданием"), it.late, icon="clock-alert", of=it.late_share,
                href="/?late=1",
            ),
        ),
        _people(),
        rx.cond(it.has_any, _plots(), _nothing()),
    )  # fmt: skip


def _plots() -> rx.Component:
    it = StatsState.totals
    return rx.el.div(
        card(
            legend((tr("Открыто"), "rival", False), (tr("Закрыто"), "mine", False)),
            chart(StatsState.matters, label=tr("Обращения по дням"), caption=it.matters),
            title=tr("Обращения"),
        ),
        card(
            legend((tr("Вовремя"), "good", False), (tr("С опозданием"), "bad", False)),
            rx.cond(
                it.has_answers,
                chart(StatsState.answers, label=tr("Первые ответы по дням"), caption=it.answers),
                empty_state(tr("Первых ответов ещё не было"), icon="reply"),
            ),
            title=tr("Первые ответы"),
        ),
        class_name="k-halves",
    )


def _people() -> rx.Component:
    return data_table(
        StatsState.rows,
        [
            Column("name", tr("Сотрудник"), lambda row: rx.el.b(row.name), label=""),
            _number("answered", tr("Первых ответов")),
            _number("median", tr("Ответ, медиана")),
            Column("late", tr("С опозданием"), _late, width="130px", align="right"),
            _number("closed", tr("Закрыл")),
            _number("open", tr("Сейчас в работе"), of="open_now"),
            Column("rating", tr("Оценка"), _rating, width="150px", align="right"),
        ],
        label=tr("Сотрудники"),
        phase=StatsState.phase,
        card='"name rating" "answered median" "closed late" "open open"',
        card_columns="1fr 1fr",
        on_retry=StatsState.load,
        empty=empty_state(tr("Пока некого считать"), tr("Возьмите первый чат."), icon="users"),
    )


def _number(key: str, title: Any, *, of: str = "") -> Column:
    return Column(key, title, lambda row: row[of or key], width="140px", align="right")


def _late(item: Any) -> rx.Component:
    row: PersonRow = item
    return badge(row.late, row.late_tone)


def _rating(item: Any) -> rx.Component:
    row: PersonRow = item
    return two_lines(row.rating, row.ratings)


def _nothing() -> rx.Component:
    return rx.el.div(
        empty_state(
            tr("За это время обращений не было"), tr("Выберите отрезок длиннее."), icon="inbox"
        ),
        class_name="k-card",
    )
