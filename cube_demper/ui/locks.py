"""What a plan lacks: shown where it would stand, explained, one click from being bought.

The kit knows no plans: an app says what is missing, what it would give and where it is bought.
"""

from __future__ import annotations

from collections.abc import Sequence

import reflex as rx

from cube_demper.ui.actions import Text, link_button
from cube_demper.ui.layout import page


def locked_page(
    title: Text, text: Text, points: Sequence[Text], verb: Text, href: Text, *, note: Text
) -> rx.Component:
    """Stand in place of a whole page that the plan lacks.

    Args:
        title: what is missing and which plan has it («Аналитика — в тарифе PRO»).
        text: one sentence that says what it is for.
        points: what exactly it gives, three or four lines.
        verb: the button («Подключить PRO»).
        href: where it is bought.
        note: under the button («29 999 ₸ за 30 дней»).
    """
    return page(
        rx.el.section(
            rx.el.span(rx.icon("lock", size=20, aria_hidden="true"), class_name="k-disc"),
            rx.el.h1(title),
            rx.el.p(text, class_name="k-second"),
            rx.el.ul(*(_point(it) for it in points), class_name="k-may"),
            link_button(verb, href, kind="primary", size="l"),
            rx.el.p(note, class_name="k-note"),
            class_name="k-card k-locked",
            aria_label=title,
        )
    )


def _point(text: Text) -> rx.Component:
    return rx.el.li(rx.icon("check", size=16, aria_hidden="true"), rx.el.span(text))


def lock(text: Text, word: Text, href: Text, *, title: Text) -> rx.Component:
    """Stand in place of a button that the plan lacks: its text, «в PRO», and the way there.

    Args:
        text: what the button would say («Скачать отчёт»).
        word: which plan has it («PRO»).
        href: where it is bought.
        title: the sentence on hover and for screen readers («Отчёты есть в тарифе PRO»).
    """
    return rx.link(
        rx.icon("lock", size=16, aria_hidden="true"),
        rx.el.span(text),
        rx.el.span(word, class_name="k-lock-word"),
        href=href,
        underline="none",
        class_name="k-button k-secondary k-size-m k-lock",
        custom_attrs={"title": title},
    )
