"""What every app is put together with: styles, fonts, head, error page, messages, connection bar.

The Radix theme itself (indigo, slate, medium, 95 %) stands in `rxconfig.py`, where Reflex wants it.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

from cube_demper.ui.browser import library
from cube_demper.ui.connection import connection_bar, new_version_bar
from cube_demper.ui.early_submit import KEEP_SCRIPT, kept_submits
from cube_demper.ui.pages import broken_page
from cube_demper.ui.support import HELP
from cube_demper.ui.toasts import toaster

STYLESHEETS = [
    "/kit.css",
    "/kit-controls.css",
    "/kit-table.css",
    "/kit-shell.css",
    "/kit-lists.css",
    "/kit-connect.css",
    "/kit-calculators.css",
    "/kit-inbox.css",
    "/kit-billing.css",
]

# Runs before the first paint: without it a dark page flashes white until React has started.
_FIRST_PAINT = """
(function(){var r=document.documentElement;try{
var t=localStorage.getItem("theme")||"system";
if(t==="system")t=matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light";
r.classList.remove("light","dark");r.classList.add(t);r.style.colorScheme=t;
if(localStorage.getItem("nav")==="mini")r.dataset.nav="mini";
var l=localStorage.getItem("language");if(l)r.lang=l;
}catch(e){}})();
"""


def app_frame(calm: str = "бот продолжает работать", help_page: str = HELP) -> dict[str, Any]:
    """Return the arguments of `rx.App` that all apps share; the words are those of `broken_page`."""
    return {
        "html_lang": "ru",
        "stylesheets": list(STYLESHEETS),
        "head_components": [
            rx.el.script(_FIRST_PAINT),
            rx.el.script(KEEP_SCRIPT),
            rx.el.link(rel="icon", href="/logo.svg", type="image/svg+xml"),
            rx.el.meta(name="color-scheme", content="light dark"),
            rx.el.meta(
                name="viewport", content="width=device-width, initial-scale=1, viewport-fit=cover"
            ),
        ],
        "toaster": toaster(),
        "app_wraps": {
            (55, "ErrorBoundary"): lambda stateful: _error_boundary(calm, help_page),  # noqa: ARG005 - Reflex asks
            (5, "Overlay"): lambda stateful: (
                rx.fragment(connection_bar(), new_version_bar(), kept_submits(), _Keyboard.create())
                if stateful
                else None
            ),
        },
    }


class _Keyboard(rx.Component):
    library = library("shell")
    tag = "Keyboard"


def _error_boundary(calm: str, help_page: str) -> rx.Component:
    trouble = rx.Var("event_args.error.name + ': ' + event_args.error.message").to(str)
    return ErrorBoundary.create(
        fallback_render=rx.Var.create(broken_page(trouble, calm, help_page))
    )
