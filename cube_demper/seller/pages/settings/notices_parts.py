"""The tab «Уведомления»: what over which channel, when, and Telegram."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.settings.notices_state import KindRow, NoticesState
from cube_demper.ui.actions import button, link_button, text_link
from cube_demper.ui.forms import form, form_field, switch, text_input
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, columns, stack
from cube_demper.ui.placeholders import notice
from cube_demper.ui.statuses import badge


def notices_tab() -> rx.Component:
    """Put the kinds beside Telegram and the times."""
    return columns(_kinds(), stack(_telegram(), _times()))


def _kinds() -> rx.Component:
    return card(
        rx.cond(
            NoticesState.channels.has_mail,
            rx.fragment(),
            rx.el.div(
                notice(
                    tr("Письма сейчас не отправляются"),
                    tr("Почта на сервере не настроена. Уведомления остаются в приложении."),
                    tone="amber",
                ),
                class_name="k-wishes-notice",
            ),
        ),
        rx.el.table(
            rx.el.caption(tr("О чём сообщать"), class_name="k-unseen"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(tr("О чём"), scope="col"),
                    rx.el.th(tr("Колокол"), scope="col"),
                    rx.el.th(tr("Почта"), scope="col"),
                    rx.el.th(tr("Telegram"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(NoticesState.kinds, _kind)),
            class_name="k-wishes",
        ),
        title=tr("О чём и куда сообщать"),
        flush=True,
    )


def _kind(item: Any) -> rx.Component:
    row: KindRow = item

    def cell(channel: str, is_on: Any, name: str) -> rx.Component:
        return rx.el.td(
            switch(
                is_on,
                tr("{kind}: {channel}", kind=row.words, channel=name),
                on_change=lambda wanted: NoticesState.switch(row.code, channel, wanted),
            )
        )

    return rx.el.tr(
        rx.el.th(
            rx.el.span(row.words, class_name="k-strong"),
            rx.el.span(row.note, class_name="k-note"),
            scope="row",
        ),
        cell("app", row.app, "колокол"),
        cell("mail", row.mail, "почта"),
        cell("telegram", row.telegram, "Telegram"),
        key=row.code,
    )


def _telegram() -> rx.Component:
    channels = NoticesState.channels
    return card(
        rx.match(
            channels.telegram,
            (
                "off",
                rx.el.p(
                    tr("На этом сервере Telegram не подключён: сообщения туда не отправляются."),
                    class_name="k-second",
                ),
            ),
            ("linked", _linked()),
            rx.fragment(
                rx.cond(
                    channels.telegram == "blocked",
                    notice(
                        tr("Вы остановили бота в Telegram"),
                        tr("Сообщения туда не идут. Подключите его заново."),
                        tone="amber",
                    ),
                ),
                rx.cond(channels.command, _how_to_link(), _link_button()),
            ),
        ),
        title=tr("Telegram"),
        note=rx.cond(channels.telegram == "linked", badge(tr("Подключён"), "green", "check"), ""),
    )


def _link_button() -> rx.Component:
    return stack(
        rx.el.p(
            tr("Срочное придёт сразу: бот остановился, Kaspi просит войти."), class_name="k-second"
        ),
        rx.el.div(
            button(tr("Подключить Telegram"), icon="send", on_click=NoticesState.connect),
            class_name="k-row",
        ),
    )


def _how_to_link() -> rx.Component:
    channels = NoticesState.channels
    return stack(
        rx.cond(
            channels.link,
            rx.fragment(
                link_button(
                    tr("Открыть бота"), channels.link, icon="send", kind="primary", is_external=True
                ),
                rx.el.p(tr("Нажмите в нём «Старт». Или отправьте ему:"), class_name="k-second"),
            ),
            rx.el.p(tr("Отправьте нашему боту в Telegram:"), class_name="k-second"),
        ),
        rx.el.code(channels.command, class_name="k-code"),
        rx.el.p(
            tr("Код действует 15 минут. Эта страница сама заметит, что вы подключились."),
            class_name="k-note",
        ),
    )


def _linked() -> rx.Component:
    return stack(
        rx.el.p(
            tr("Сообщения приходят в чат {name}.", name=NoticesState.channels.chat),
            class_name="k-second",
        ),
        rx.el.div(button(tr("Отключить"), on_click=NoticesState.disconnect), class_name="k-row"),
    )


def _times() -> rx.Component:
    errors = NoticesState.errors
    return card(
        form(
            form_field(
                tr("Письма и Telegram не чаще, чем раз в"),
                text_input(
                    "digest_minutes",
                    default_value=NoticesState.digest_minutes,
                    key=NoticesState.digest_minutes,
                    unit=tr("мин"),
                    input_mode="numeric",
                    error=errors["digest_minutes"],
                ),
                name="digest_minutes",
                help=tr("Всё, что случилось за это время, придёт одним сообщением"),
                error=errors["digest_minutes"],
            ),
            rx.el.div(
                _quiet("quiet_start", "Тихо с"), _quiet("quiet_end", "до"), class_name="k-row"
            ),
            rx.el.p(
                tr("Время Алматы. Срочное приходит и в тихие часы. "),
                text_link(tr("Что считается срочным"), "/help#urgent"),
                class_name="k-note",
            ),
            rx.el.div(button(tr("Сохранить"), submit=True), class_name="k-row"),
            on_submit=NoticesState.save_times,
        ),
        title=tr("Когда"),
    )


def _quiet(name: str, label: str) -> rx.Component:
    value = NoticesState.quiet_start if name == "quiet_start" else NoticesState.quiet_end
    return form_field(
        tr(label),
        text_input(
            name,
            default_value=value,
            key=value,
            placeholder="22:00",
            size=6,
            input_mode="numeric",
            error=NoticesState.errors[name],
        ),
        name=name,
        error=NoticesState.errors[name],
    )
