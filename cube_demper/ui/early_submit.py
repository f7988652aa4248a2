"""What the browser does with forms around a submit: one too early is kept, one refused shows where.

A form that is submitted before its page stands is kept, shown as busy, and sent when the page stands.

By itself the browser would reload the page with the form in the address, the password too; and an event
that overtakes `on_load` has its answer wiped by it.
"""

from __future__ import annotations

import reflex as rx

from cube_demper.ui.browser import library

# Inline and first in the head, so that it hears a submit before React does. `stands` is ours to set below.
KEEP_SCRIPT = """
(function(){var r=document.documentElement;
document.addEventListener("submit",function(e){
if("stands" in r.dataset||!e.target.matches("form.k-form"))return;
e.preventDefault();e.stopImmediatePropagation();e.target.setAttribute("aria-busy","true");
},true);})();
"""


class _KeptSubmits(rx.Component):
    library = library("forms")
    tag = "KeptSubmits"

    stands: rx.Var[bool]


def show_wrong_field() -> rx.event.EventSpec:
    """Return an event that brings the form's first wrong field into view and puts the cursor there."""
    return rx.call_script("document.dispatchEvent(new Event('kit:refused'))")


def kept_submits() -> rx.Component:
    """Send what `KEEP_SCRIPT` has kept as soon as everything of `on_load` has been done."""
    return _KeptSubmits.create(stands=rx.State.is_hydrated)
