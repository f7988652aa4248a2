"""`/help`: answers by topic, with a search; each has an address of its own."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.help.answers import TOPICS
from cube_demper.seller.pages.help.shapes import Answer, Topic
from cube_demper.seller.pages.help.state import HelpState
from cube_demper.ui.actions import button, text_link
from cube_demper.ui.filters import search_box
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header, stack
from cube_demper.ui.placeholders import empty_state
from cube_demper.ui.query import clear_query


def help_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(tr("Помощь"), tr("Короткие ответы о боте, ценах, доступе и уведомлениях.")),
        rx.el.div(
            search_box(HelpState.search, tr("Например: мин. цена, война, 429")),
            class_name="k-help-search",
        ),
        rx.cond(
            HelpState.slugs.length() > 0,
            stack(*(_topic(topic) for topic in TOPICS)),
            card(
                empty_state(
                    tr("Такого ответа пока нет"),
                    tr("Попробуйте другие слова или посмотрите все ответы."),
                    button(tr("Показать все"), on_click=clear_query()),
                    icon="search-x",
                )
            ),
        ),
        _support(),
    )


def _support() -> rx.Component:
    return rx.el.div(
        card(
            rx.el.p(
                tr(
                    "Не нашли ответа или что-то сломалось? Напишите нам в окне поддержки: оно в углу "
                    "каждой страницы. Или на почту:"
                ),
                " ",
                rx.cond(
                    HelpState.support,
                    rx.el.a(
                        HelpState.support,
                        href=rx.Var.create("mailto:").to(str) + HelpState.support,
                        class_name="k-link",
                    ),
                ),
            ),
            rx.el.p(
                tr("Укажите магазин и номер ошибки, если страница его показала."),
                class_name="k-second",
            ),
            title=tr("Поддержка"),
        ),
        id="support",
    )


def _topic(topic: Topic) -> rx.Component:
    shown = rx.Var.create(False).to(bool)
    for answer in topic.answers:
        shown = shown | HelpState.slugs.contains(answer.slug)
    return rx.cond(
        shown,
        card(*(_answer(answer) for answer in topic.answers), title=tr(topic.title)),
    )


def _answer(answer: Answer) -> rx.Component:
    more = rx.fragment()
    if answer.link is not None:
        more = rx.el.p(text_link(tr(answer.link[0]), answer.link[1]))
    return rx.cond(
        HelpState.slugs.contains(answer.slug),
        rx.el.article(
            rx.el.h3(rx.el.a(tr(answer.question), href=f"#{answer.slug}")),
            *(rx.el.p(tr(text)) for text in answer.text),
            more,
            id=answer.slug,
            class_name="k-answer",
        ),
    )
