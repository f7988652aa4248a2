"""`/`: what links brought."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import link_button
from cube_demper.ui.charts import chart, legend
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header
from cube_demper.ui.placeholders import empty_state, when_ready
from cube_demper.ui.tiles import fact_strip, stat_tile, tiles
from partner.navigation import LEADS, LINKS, TRANSACTIONS
from partner.pages.overview.rows import Figure
from partner.pages.overview.state import OverviewState

_SPANS = (
    Tab("7", "7\u00a0дней"),
    Tab("30", "30\u00a0дней"),
    Tab("90", "90\u00a0дней"),
    Tab("365", "Год"),
)


def overview_page() -> rx.Component:
    """Make the page."""
    it = OverviewState.overview
    return page(
        page_header(
            tr("Обзор"),
            tr("Дни по времени Алматы, сегодняшний ещё идёт."),
            link_button(tr("Мои ссылки"), LINKS.href, icon="link", kind="primary"),
        ),
        tabs(_SPANS, it.span, name="days"),
        when_ready(
            OverviewState.phase,
            _content(),
            on_retry=OverviewState.load,
            error_text=tr("Ваши деньги и клиенты на месте, сводку не получилось посчитать."),
        ),
        wide=True,
    )


def _content() -> rx.Component:
    it = OverviewState.overview
    return rx.fragment(
        tiles(
            _tile(tr("Переходы"), it.clicks, "mouse-pointer-click", LINKS.href),
            _tile(tr("Регистрации"), it.sign_ups, "user-plus", LEADS.href),
            _tile(tr("Оплаты"), it.payments, "credit-card", "/transactions?tab=commission"),
            _tile(tr("Заработано"), it.earned, "banknote", TRANSACTIONS.href),
        ),
        fact_strip(
            (tr("К выплате"), it.payable, it.payable_note),
            (
                tr("На удержании"),
                it.held,
                rx.cond(
                    it.doubted,
                    tr("и ещё {sum} на проверке", sum=it.doubted),
                    tr("до конца возвратов"),
                ),
            ),
            (
                tr("Выплачено"),
                it.paid,
                rx.cond(it.asked, tr("и {sum} в заявке", sum=it.asked), tr("за всё время")),
            ),
        ),
        rx.cond(it.has_any, _plots(), _nothing()),
    )


def _tile(label: Any, figure: Any, icon: str, href: str) -> rx.Component:
    it: Figure = figure
    return stat_tile(
        label, it.value, icon=icon, change=it.change, tone=it.tone, note=it.note, href=href
    )


def _plots() -> rx.Component:
    it = OverviewState.overview
    return rx.fragment(
        card(
            chart(
                OverviewState.earnings, label=tr("Заработок по дням"), caption=it.earnings_caption
            ),
            title=tr("Заработок"),
        ),
        rx.el.div(
            card(
                chart(
                    OverviewState.clicks, label=tr("Переходы по дням"), caption=it.clicks_caption
                ),
                title=tr("Переходы"),
            ),
            card(
                legend((tr("Регистрации"), "mine", False), (tr("Оплаты"), "good", False)),
                chart(
                    OverviewState.people,
                    label=tr("Регистрации и оплаты по дням"),
                    caption=it.people_caption,
                    height=234,
                ),
                title=tr("Регистрации и оплаты"),
            ),
            class_name="k-halves",
        ),
    )


def _nothing() -> rx.Component:
    return rx.el.div(
        empty_state(
            tr("За это время никто не приходил"),
            tr("Отправьте ссылку продавцам: готовые тексты и QR-код лежат рядом с ней."),
            link_button(tr("Взять ссылку"), LINKS.href, kind="primary"),
            icon="link",
        ),
        class_name="k-card",
    )
