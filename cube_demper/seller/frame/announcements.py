"""The bars of the operator's announcements; closing one is reading it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from cube_demper.domain.announcements.service import Bar
from cube_demper.seller import texts
from cube_demper.ui.actions import icon_button, link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.placeholders import notice


@dataclass
class AnnouncementBar:
    """One announcement; `id` is of the notification that closes it."""

    id: str = ""
    title: str = ""
    body: str = ""
    tone: str = "blue"
    link: str = ""


@dataclass
class Over:
    """What stands over every page: who invites this person, empty for nobody, and announcements."""

    invited_by: str = ""
    bars: list[AnnouncementBar] = field(default_factory=list)


def bar_of(it: Bar) -> AnnouncementBar:
    """Return an announcement as a page shows it."""
    return AnnouncementBar(str(it.notification_id), it.title, it.body, it.tone, it.link)


def announcement_bars(bars: Any, on_close: Any) -> rx.Component:
    """Show the announcements; `on_close` takes the bar's id."""

    def bar(entry: Any) -> rx.Component:
        it: AnnouncementBar = entry
        more = rx.cond(it.link, link_button(tr(texts.MORE), it.link, size="s"))
        close = icon_button("x", tr(texts.CLOSE), on_click=on_close(it.id))
        shown = [
            (tone, notice(it.title, it.body, more, close, tone=tone)) for tone in ("amber", "red")
        ]
        return rx.el.div(
            rx.match(it.tone, *shown, notice(it.title, it.body, more, close)), class_name="k-over"
        )

    return rx.foreach(bars, bar)
