"""Saving files of ours without leaving the page."""

from __future__ import annotations

import json

import reflex as rx


def save_file(address: str, *, with_filter: bool = False) -> rx.event.EventSpec:
    """Return an event that saves what an address of ours gives; `with_filter` adds the page's own query.

    Not by `location.assign`: Reflex takes that for leaving the page and closes its socket for good, so
    that nothing on the page would be live any more.
    """
    query = "+location.search.slice(1)" if with_filter else ""
    return rx.call_script(
        "(function(){var a=document.createElement('a');a.download='';"
        f"a.href={json.dumps(address)}{query};"
        "document.body.append(a);a.click();a.remove()})()"
    )
