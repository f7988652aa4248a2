"""What a page is made of inside the shell: header, cards, columns; and the signed-out page."""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.actions import Text, server_link

Children = rx.Component | rx.Var | str


def page_header(
    title: Text,
    subtitle: Text | rx.Component | None = None,
    *actions: rx.Component,
    back: tuple[Text, str] | None = None,
) -> rx.Component:
    """Show the page's name, one line that answers «is all well», and its actions (one primary)."""
    return rx.el.header(
        rx.link(
            rx.icon("chevron-left", size=16, aria_hidden="true"),
            back[0],
            href=back[1],
            class_name="k-back",
            underline="none",
        )
        if back
        else rx.fragment(),
        rx.el.div(
            rx.el.div(
                rx.el.h1(title),
                rx.el.p(subtitle) if subtitle is not None else rx.fragment(),
                class_name="k-header-text",
            ),
            rx.el.div(*actions, class_name="k-header-actions") if actions else rx.fragment(),
            class_name="k-header-row",
        ),
        class_name="k-header",
    )


def page(*children: Children, wide: bool = False) -> rx.Component:
    """Stack the parts of a page; `wide` lets a table use the full width."""
    return rx.el.div(*children, class_name="k-page k-wide" if wide else "k-page")


def card(
    *children: Children,
    title: Text | None = None,
    note: Text | rx.Component | None = None,
    action: rx.Component | None = None,
    flush: bool = False,
    label: Text | None = None,
) -> rx.Component:
    """Frame one thing. `note` stands after the title, `action` at the right; `flush` = no padding."""
    head = rx.fragment()
    if title is not None:
        head = rx.el.div(
            rx.el.h2(title),
            rx.el.span(note, class_name="k-note") if note is not None else rx.fragment(),
            rx.el.div(action, class_name="k-push") if action is not None else rx.fragment(),
            class_name="k-card-head",
        )
    names = {"aria_label": label if label is not None else title}
    return rx.el.section(
        head,
        rx.el.div(*children, class_name="k-flush" if flush else "k-card-body"),
        class_name="k-card",
        **({} if names["aria_label"] is None else names),
    )


def columns(main: Children, side: Children) -> rx.Component:
    """Put a wide column beside a narrow one; one under the other on a phone."""
    return rx.el.div(
        rx.el.div(main, class_name="k-stack"),
        rx.el.div(side, class_name="k-stack"),
        class_name="k-columns",
    )


def stack(*children: Children) -> rx.Component:
    """Put things under one another, 16 px apart."""
    return rx.el.div(*children, class_name="k-stack")


def row(*children: Children) -> rx.Component:
    """Put things side by side, 8 px apart; they wrap on a phone."""
    return rx.el.div(*children, class_name="k-row")


def facts(*pairs: tuple[Text, Children]) -> rx.Component:
    """List names with values: «Последняя проверка — 12 с назад»."""
    return rx.el.dl(
        *(rx.el.div(rx.el.dt(name), rx.el.dd(value)) for name, value in pairs), class_name="k-facts"
    )


def fact_list(pairs: rx.Var[list[tuple[str, str]]]) -> rx.Component:
    """List names with values that a state made: what a question is about, in numbers."""
    return rx.el.dl(
        rx.foreach(pairs, lambda pair: rx.el.div(rx.el.dt(pair[0]), rx.el.dd(pair[1]))),
        class_name="k-facts",
    )


def wordmark() -> rx.Component:
    """Show the product's sign and name."""
    return rx.el.span(
        rx.el.img(src="/logo.svg", alt="", width="26", height="26"),
        rx.el.span("Cube Demper"),
        class_name="k-wordmark",
    )


def signed_out_page(
    title: Text, *children: Children, subtitle: Text | None = None, footer: Children | None = None
) -> rx.Component:
    """Frame sign-in, registration and the like: one narrow card in the middle, no navigation."""
    return rx.el.main(
        # Signed out, `/` is a page of the server's own.
        server_link(wordmark(), href="/", aria_label="Cube Demper"),
        rx.el.div(
            rx.el.h1(title),
            rx.el.p(subtitle, class_name="k-second") if subtitle is not None else rx.fragment(),
            *children,
            class_name="k-card k-door",
        ),
        rx.el.div(footer, class_name="k-door-footer") if footer is not None else rx.fragment(),
        class_name="k-signed-out",
        id="content",
    )
