"""The frame of signed-in pages: sidebar, top bar, and on a phone a bottom bar with «Ещё».

It knows no app: an app gives its navigation and what stands in the top bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from cube_demper.ui.actions import Text
from cube_demper.ui.browser import js_function, run
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import wordmark

CONTENT_ID = "content"


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place: where it leads, its word and icon; `count` beside it, amber when it needs the person.

    `but`: places of their own that lie inside it; `also`: pages elsewhere that belong to it.
    """

    href: str
    text: str
    icon: str
    count: rx.Var[Any] | None = None
    urgent: bool = False
    but: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def holds(self, route: str) -> bool:
        """Tell whether `route` is this place or inside it."""
        if any(_is_inside(route, place) for place in self.but):
            return False
        return route in self.also or _is_inside(route, self.href)


def _is_inside(route: str, href: str) -> bool:
    return route == href or (href != "/" and route.startswith(f"{href}/"))


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Places under one heading; the first group has none."""

    items: Sequence[NavItem]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Navigation:
    """All places of an app, and the four that the phone's bottom bar shows beside «Ещё»."""

    groups: Sequence[NavGroup]
    bottom: Sequence[NavItem]

    def counting(self, href: str, count: rx.Var[Any]) -> Navigation:
        """Return the same places with a number that needs the person beside one of them."""

        def counted(items: Sequence[NavItem]) -> tuple[NavItem, ...]:
            return tuple(
                replace(it, count=count, urgent=True) if it.href == href else it for it in items
            )

        groups = tuple(replace(it, items=counted(it.items)) for it in self.groups)
        return Navigation(groups, counted(self.bottom))


def shell(
    content: rx.Component,
    route: str,
    *,
    navigation: Navigation,
    top_left: rx.Component,
    search: rx.Component,
    top_right: Sequence[rx.Component],
    sidebar_foot: rx.Component | None = None,
    banner: rx.Component | None = None,
    query: Text = "",
) -> rx.Component:
    """Frame a page.

    Args:
        content: the page.
        route: its route, to mark the place in the navigation.
        navigation: the places.
        top_left: the store switcher, or what stands for it.
        search: `top_bar.search_field`.
        top_right: status pill, bell, account menu, from `top_bar`.
        sidebar_foot: a card at the sidebar's foot.
        banner: a line over everything («Вы смотрите глазами пользователя»).
        query: what every place's address carries on, e.g. the chosen store ("?store=…").
    """
    return rx.el.div(
        rx.el.a(tr("К содержанию"), href=f"#{CONTENT_ID}", class_name="k-skip"),
        _sidebar(navigation, route, sidebar_foot, query),
        rx.el.div(
            banner if banner is not None else rx.fragment(),
            rx.el.header(
                top_left,
                search,
                rx.el.div(*top_right, class_name="k-top-right"),
                class_name="k-top",
            ),
            rx.el.main(content, id=CONTENT_ID, tab_index=-1),
            class_name="k-main",
        ),
        _bottom_bar(navigation, route, query),
        class_name="k-shell",
    )


def _sidebar(
    navigation: Navigation, route: str, foot: rx.Component | None, query: Text
) -> rx.Component:
    return rx.el.aside(
        rx.link(wordmark(), href="/", underline="none", class_name="k-home"),
        rx.el.nav(
            *(_group(group, route, query) for group in navigation.groups),
            aria_label=tr("Главное меню"),
        ),
        rx.el.div(
            foot if foot is not None else rx.fragment(),
            rx.el.button(
                rx.icon("panel-left", size=16, aria_hidden="true"),
                rx.el.span(tr("Свернуть меню")),
                type="button",
                on_click=run(js_function("shell", "toggleSidebar")),
                class_name="k-place k-collapse",
                custom_attrs={"aria-label": tr("Свернуть или развернуть меню")},
            ),
            class_name="k-side-foot",
        ),
        class_name="k-side",
    )


def _group(group: NavGroup, route: str, query: Text) -> rx.Component:
    head = rx.el.p(tr(group.title), class_name="k-group") if group.title else rx.fragment()
    return rx.el.div(head, *(_place(item, route, query) for item in group.items))


def _place(item: NavItem, route: str, query: Text) -> rx.Component:
    count = rx.fragment()
    if item.count is not None:
        shown = rx.el.span(item.count, class_name="k-count urgent" if item.urgent else "k-count")
        count = rx.cond(item.count, shown)
    here = {"aria-current": "page"} if item.holds(route) else {}
    return rx.link(
        rx.icon(item.icon, size=16, aria_hidden="true"),
        rx.el.span(tr(item.text)),
        count,
        href=rx.Var.create(item.href).to(str) + query,
        underline="none",
        class_name="k-place",
        custom_attrs={"title": tr(item.text), **here},
    )


def _bottom_bar(navigation: Navigation, route: str, query: Text) -> rx.Component:
    elsewhere = not any(item.holds(route) for item in navigation.bottom)
    hidden = [
        it.count
        for group in navigation.groups
        for it in group.items
        if it.count is not None and it.urgent and it not in navigation.bottom
    ]
    more = rx.el.button(
        rx.icon("ellipsis", size=22, aria_hidden="true"),
        rx.el.span(tr("Ещё")),
        *(rx.cond(count, rx.el.span(count, class_name="k-mark")) for count in hidden),
        type="button",
        class_name="k-thumb",
        custom_attrs={"data-here": "true" if elsewhere else "false"},
    )
    return rx.el.nav(
        *(_thumb(item, route, query) for item in navigation.bottom),
        rx.dialog.root(
            rx.dialog.trigger(more),
            rx.dialog.content(
                rx.el.div(rx.dialog.title(tr("Все разделы")), class_name="k-dialog-head"),
                rx.el.nav(
                    *(
                        rx.el.div(
                            *(rx.dialog.close(_place(item, route, query)) for item in group.items),
                            class_name="k-sheet-group",
                        )
                        for group in navigation.groups
                    ),
                    aria_label=tr("Все разделы"),
                ),
                class_name="k-panel k-more",
                custom_attrs={"aria-describedby": ""},
            ),
        ),
        aria_label=tr("Быстрый переход"),
        class_name="k-bottom",
    )


def _thumb(item: NavItem, route: str, query: Text) -> rx.Component:
    mark = rx.fragment()
    if item.count is not None and item.urgent:
        mark = rx.cond(item.count, rx.el.span(item.count, class_name="k-mark"))
    here = {"aria-current": "page"} if item.holds(route) else {}
    return rx.link(
        rx.icon(item.icon, size=22, aria_hidden="true"),
        rx.el.span(tr(item.text)),
        mark,
        href=rx.Var.create(item.href).to(str) + query,
        underline="none",
        class_name="k-thumb",
        custom_attrs=here,
    )
