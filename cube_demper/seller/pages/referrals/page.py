"""`/referrals`: inviting other sellers."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.referrals.state import ReferralsState
from cube_demper.ui import toasts
from cube_demper.ui.actions import button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header, row
from cube_demper.ui.placeholders import empty_state, when_ready
from cube_demper.ui.statuses import badge
from cube_demper.ui.tables import Column, data_table, two_lines
from cube_demper.ui.tiles import stat_tile, tiles


def referrals_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(tr("Пригласить продавца"), ReferralsState.view.rule),
        when_ready(
            ReferralsState.phase,
            rx.cond(ReferralsState.view.is_owner, _programme(), _not_yours()),
            on_retry=ReferralsState.load,
            error_text=tr("Ваши бонусы на месте, страницу не получилось прочитать."),
        ),
        wide=True,
    )


def _programme() -> rx.Component:
    it = ReferralsState.view
    return rx.fragment(
        tiles(
            stat_tile(tr("На балансе"), it.balance, icon="wallet", note=tr("на оплату тарифа")),
            stat_tile(tr("Начислено"), it.earned, icon="gift", note=tr("за всё время")),
            stat_tile(tr("Ждёт"), it.held, icon="clock", note=tr("до конца срока возврата")),
            stat_tile(tr("Пришли"), it.friends, icon="users", note=it.friends_note),
        ),
        _link(),
        data_table(
            ReferralsState.rows,
            _columns(),
            label=tr("Кто пришёл"),
            phase=ReferralsState.phase,
            card='"name bonus" "why why" "came status"',
            card_columns="1fr auto",
            empty=empty_state(
                tr("Пока никто не пришёл"),
                tr(
                    "Отправьте ссылку знакомым продавцам: здесь будет видно, как далеко дошёл каждый."
                ),
                icon="gift",
            ),
        ),
    )


def _link() -> rx.Component:
    it = ReferralsState.view
    return card(
        rx.el.div(
            rx.el.img(src=it.qr, alt=tr("QR-код вашей ссылки"), width="148", height="148"),
            rx.el.div(
                row(
                    rx.el.code(it.address),
                    button(
                        tr("Скопировать ссылку"),
                        icon="copy",
                        kind="primary",
                        on_click=[
                            rx.set_clipboard(it.address),
                            toasts.done("Ссылка скопирована"),
                        ],
                    ),
                ),
                rx.el.p(tr("Код для регистрации: {code}", code=it.code), class_name="k-second"),
                rx.el.p(it.message),
                row(
                    button(
                        tr("Скопировать текст"),
                        icon="copy",
                        on_click=[
                            rx.set_clipboard(it.message),
                            toasts.done("Текст скопирован"),
                        ],
                    )
                ),
                class_name="k-stack",
                style={"flex": "1 1 260px", "minWidth": "0"},
            ),
            class_name="k-row",
        ),
        title=tr("Ваша ссылка"),
    )


def _columns() -> list[Column]:
    return [
        Column("name", tr("Кто"), lambda it: two_lines(it.name, it.mail), label=""),
        Column("came", tr("Регистрация"), lambda it: it.came, width="160px", label=""),
        Column("status", tr("Статус"), _status, width="190px", label=""),
        Column("why", tr("Почему"), lambda it: it.why, width="340px", label=""),
        Column("bonus", tr("Бонус"), _bonus, width="120px", align="right", label=""),
    ]


def _status(it: Any) -> rx.Component:
    return badge(it.status, it.tone)


def _bonus(it: Any) -> rx.Component:
    return rx.el.span(it.bonus, class_name="k-end")


def _not_yours() -> rx.Component:
    return rx.el.div(
        empty_state(
            tr("Это деньги владельца магазина"),
            tr("Приглашать продавцов и видеть бонусы может только он сам."),
            icon="lock",
        ),
        class_name="k-card",
    )
