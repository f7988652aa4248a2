"""What a page package exposes as `PAGE`, and how an app takes its pages."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import reflex as rx

from cube_demper.ui.actions import link_button, server_link
from cube_demper.ui.layout import signed_out_page
from cube_demper.ui.opening import opening

Frame = Callable[[rx.Component, str], rx.Component]


@dataclass(frozen=True, slots=True)
class Page:
    """One address of an app.

    Attributes:
        route: as Reflex writes it: "/products/[product_id]".
        title: of the browser's tab, without the product's name.
        view: makes the content (inside the shell, for signed-in pages).
        on_load: guarded handlers; those with `background=True` live until the tab leaves the page.
        signed_in: False for sign-in and the like: no shell around, no shell handlers.
    """

    route: str
    title: str
    view: Callable[[], rx.Component]
    on_load: Sequence[Any] = field(default=())
    signed_in: bool = True


def find_pages(package: ModuleType) -> list[Page]:
    """Return the `PAGE` of every module or package directly in `package`, by name."""
    found = pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    modules = [importlib.import_module(info.name) for info in sorted(found, key=lambda m: m.name)]
    return [module.PAGE for module in modules]


def add_pages(
    app: rx.App, pages: Sequence[Page], frame: Frame, *, first: Sequence[Any], last: Sequence[Any]
) -> None:
    """Add pages; those for signed-in people get the app's frame, its handlers around their own.

    Handlers run one after another, so what stands in `last` does not keep a page from being read.
    """
    for page in pages:
        app.add_page(
            _framed(page, frame) if page.signed_in else page.view,
            route=page.route,
            title=f"{page.title} · Cube Demper",
            on_load=(
                opening(page.route, [*first, *page.on_load, *last])
                if page.signed_in
                else list(page.on_load)
            ),
        )
    app.add_page(not_found_page, route="404", title="Страница не найдена · Cube Demper")


def _framed(page: Page, frame: Frame) -> Callable[[], rx.Component]:
    # `wraps` names the page's own module: Reflex writes the memoized parts of all views of one module
    # into one file, so views of this module would make every page load the parts of all pages.
    @functools.wraps(page.view)
    def framed() -> rx.Component:
        return frame(page.view(), page.route)

    return framed


def not_found_page() -> rx.Component:
    """Say that there is no such page and lead home."""
    return signed_out_page(
        "Страницы нет",
        link_button("На главную", "/", kind="primary", size="l"),
        subtitle="Адрес устарел или в нём опечатка. Всё, что вы сохранили, на месте.",
    )


def broken_page(reference: rx.Var[str], calm: str, help_page: str) -> rx.Component:
    """Say that the page broke; `reference` is what to quote to support, `calm` what is well meanwhile.

    `help_page`: where the address of support stands; empty in an app that has no such page.
    """
    where = (": ", server_link("адрес в «Помощи»", href=help_page, class_name="k-link"))
    return signed_out_page(
        "Страница не открылась",
        rx.el.p(
            f"Ошибка на нашей стороне, {calm}. Обновите страницу; если повторится, ",
            "напишите в поддержку",
            *(where if help_page else ()),
            ".",
            class_name="k-second",
        ),
        rx.el.details(rx.el.summary("Что передать поддержке"), rx.el.code(reference)),
        server_link("Обновить страницу", href="", class_name="k-button k-primary k-size-l"),
    )
