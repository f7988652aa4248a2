"""Buttons, links that look like buttons, and menus. Verbs on buttons; one primary a page."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx
from reflex.event import EventType

Kind = Literal["primary", "secondary", "ghost", "danger"]
Size = Literal["m", "s", "l"]
Text = str | rx.Var[str]
Click = EventType[()] | rx.event.EventSpec | list[Any] | None


def spinner(size: int = 16) -> rx.Component:
    """Show that work goes on; hidden from screen readers, whose text is the button's."""
    return rx.el.span(class_name="k-spinner", style={"--d": f"{size}px"}, aria_hidden="true")


def _inside(text: Text, icon: str | None, busy: rx.Var[bool] | bool) -> list[rx.Component]:
    shown = rx.icon(icon, size=16, aria_hidden="true") if icon else rx.fragment()
    if isinstance(busy, rx.Var):
        shown = rx.cond(busy, spinner(), shown)
    return [shown, rx.el.span(text)]


def button(
    text: Text,
    *,
    icon: str | None = None,
    kind: Kind = "secondary",
    size: Size = "m",
    on_click: Click = None,
    busy: rx.Var[bool] | bool = False,
    disabled: rx.Var[bool] | bool = False,
    submit: bool = False,
    **props: Any,
) -> rx.Component:
    """Make a button. `busy` shows a spinner (after 300 ms, by css) and refuses a second press."""
    if on_click is not None:
        props["on_click"] = on_click
    return rx.el.button(
        *_inside(text, icon, busy),
        type="submit" if submit else "button",
        class_name=f"k-button k-{kind} k-size-{size}",
        disabled=busy | disabled,
        aria_busy=busy,
        **props,
    )


def link_button(
    text: Text,
    href: Text,
    *,
    icon: str | None = None,
    kind: Kind = "secondary",
    size: Size = "m",
    **props: Any,
) -> rx.Component:
    """Make a link that looks like a button (goes somewhere, does nothing)."""
    return rx.link(
        *_inside(text, icon, busy=False),
        href=href,
        class_name=f"k-button k-{kind} k-size-{size}",
        underline="none",
        **props,
    )


def icon_button(icon: str, label: Text, *, on_click: Click = None, **props: Any) -> rx.Component:
    """Make a square button with an icon; `label` is read aloud and shown on hover."""
    if on_click is not None:
        props["on_click"] = on_click
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        type="button",
        class_name="k-icon-button",
        aria_label=label,
        title=label,
        **props,
    )


def text_link(text: Text, href: Text, *, external: bool = False) -> rx.Component:
    """Make a link inside text; an external one opens a new tab and says so by an icon."""
    mark = rx.icon("external-link", size=14, aria_hidden="true") if external else rx.fragment()
    return rx.link(text, mark, href=href, is_external=external, class_name="k-link")


def server_link(*content: Any, href: Text, **props: Any) -> rx.Component:
    """Link to what the server itself gives: a file, a page that is not Reflex's, this page anew.

    `rx.el.a` is the router's link, which looks for such an address among the app's own pages.
    """
    return rx.el.a(*content, href=href, reload_document=True, **props)


def menu(trigger: rx.Component, *items: rx.Component) -> rx.Component:
    """Make a drop-down menu; `items` come from `menu_item` and `menu_line`."""
    return rx.menu.root(
        rx.menu.trigger(trigger), rx.menu.content(*items, class_name="k-menu", variant="soft")
    )


def menu_item(
    text: Text, *, icon: str | None = None, on_click: Click = None, danger: bool = False
) -> rx.Component:
    """Make one line of a menu."""
    shown = rx.icon(icon, size=16, aria_hidden="true") if icon else rx.fragment()
    props: dict[str, Any] = {"on_click": on_click} if on_click is not None else {}
    return rx.menu.item(shown, text, class_name="k-menu-danger" if danger else "", **props)


def menu_line() -> rx.Component:
    """Make a line between groups of a menu."""
    return rx.menu.separator()
