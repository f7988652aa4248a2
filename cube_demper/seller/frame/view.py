"""The seller's frame around a page: `frame(content, route)`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.accounts.rights import WORDS, area_of_page
from cube_demper.seller import texts
from cube_demper.seller.frame.announcements import announcement_bars
from cube_demper.seller.frame.choice import StoreChoice
from cube_demper.seller.frame.sign_ins import StoreOption, sign_in_notice
from cube_demper.seller.frame.state import FrameState, News
from cube_demper.seller.frame.support import support_window
from cube_demper.seller.navigation import (
    BY_STORE,
    CALCULATORS,
    CONNECT,
    INVITATION,
    MESSAGES,
    NAVIGATION,
    NOTIFICATIONS,
    PRODUCTS,
    SETTINGS,
)
from cube_demper.seller.plans.view import plan_banner, plan_foot
from cube_demper.ui.actions import button, link_button, menu_item, menu_line, text_link
from cube_demper.ui.browser import js_function, run
from cube_demper.ui.frame import own_corner
from cube_demper.ui.i18n import tr
from cube_demper.ui.live_value import age, countdown
from cube_demper.ui.placeholders import empty_state, notice
from cube_demper.ui.query import change_query
from cube_demper.ui.shell import shell
from cube_demper.ui.top_bar import bell, search_field, status_pill

FIRST = [StoreChoice.follow]
_BONE = rx.el.span(class_name="k-bone", style={"width": "96px"})
LAST = [FrameState.load, FrameState.watch]


def frame(content: rx.Component, route: str) -> rx.Component:
    """Put a page inside the seller's shell."""
    whole = shell(
        content,
        route,
        navigation=NAVIGATION.counting(MESSAGES.href, FrameState.waiting.letters),
        top_left=_store_switcher(route),
        search=search_field(tr(texts.SEARCH), action=PRODUCTS.href),
        top_right=(
            _pill(),
            bell(FrameState.unread, _news()),
            *own_corner(
                FrameState.person,
                FrameState.clock,
                menu_item(
                    tr(SETTINGS.text), icon=SETTINGS.icon, on_click=rx.redirect(SETTINGS.href)
                ),
            ),
        ),
        sidebar_foot=plan_foot(),
        banner=rx.fragment(
            announcement_bars(FrameState.over.bars, FrameState.read_news),
            _visit(),
            plan_banner(route),
            rx.fragment() if route == INVITATION else _invitation(),
            _only_looking(route),
            rx.fragment() if route == CONNECT else rx.foreach(FrameState.stores, _signed_out),
        ),
        query=rx.cond(FrameState.store_id, "?store=" + FrameState.store_id, ""),
    )
    return rx.fragment(whole, support_window(FrameState.waiting.answers))


def _visit() -> rx.Component:
    """Say over every page that it is an admin who looks, and let them end it."""
    person = FrameState.person
    return rx.cond(
        person.visit_until,
        rx.el.div(
            notice(
                tr("Вы смотрите глазами пользователя {name}", name=person.name),
                rx.fragment(
                    tr("Платежи, пароль и личное закрыты, действия попадают в журнал."),
                    " ",
                    countdown(person.visit_until, prefix=tr("Закончится через")),
                ),
                button(tr("Закончить"), size="s", on_click=run(js_function("shell", "signOut"))),
                tone="amber",
            ),
            class_name="k-over k-visit",
        ),
    )


def _invitation() -> rx.Component:
    """Lead to an invitation that waits: the letter's link may be lost by now."""
    return rx.cond(
        FrameState.over.invited_by,
        rx.el.div(
            notice(
                tr(texts.INVITED, owner=FrameState.over.invited_by),
                tr(texts.INVITED_WHY),
                link_button(tr(texts.SEE_INVITATION), INVITATION, kind="primary", size="s"),
            ),
            class_name="k-over",
        ),
    )


def _only_looking(route: str) -> rx.Component:
    """Tell a manager before they try that they may look here and not change.

    Calculators count for everybody: only keeping a calculation needs a right.
    """
    area = area_of_page(route.split("/")[1] or "overview")
    if area is None or route.startswith(CALCULATORS.href):
        return rx.fragment()
    words, _ = WORDS[area]
    return rx.cond(
        FrameState.person.lacks.contains(area.value),
        rx.el.div(
            notice(tr(texts.ONLY_LOOKING, right=tr(words)), tr(texts.ONLY_LOOKING_WHY)),
            class_name="k-over",
        ),
    )


def _signed_out(store: Any) -> rx.Component:
    """Say over every page of a store that its sign-in is not in order."""
    here: StoreOption = store
    is_shown = (FrameState.store_id == "") | (FrameState.store_id == here.id)
    return rx.cond(
        (here.sign_in != "") & is_shown,
        rx.el.div(sign_in_notice(here), class_name="k-over"),
    )


def _store_switcher(route: str) -> rx.Component:
    is_read = FrameState.pulse.code != ""
    chosen_name = rx.cond(FrameState.store_name, FrameState.store_name, tr(texts.ALL_STORES))
    name = rx.match(
        FrameState.pulse.code,
        ("", tr(texts.READING_STORES)),
        ("no_stores", tr(texts.NO_STORES)),
        chosen_name,
    )
    trigger = rx.el.button(
        rx.el.span(rx.icon("store", size=14, aria_hidden="true"), class_name="k-switcher-sign"),
        rx.el.span(rx.cond(is_read, name, _BONE)),
        rx.icon("chevrons-up-down", size=14, aria_hidden="true"),
        type="button",
        class_name="k-switcher",
        custom_attrs={"aria-label": tr("Магазин: {name}", name=name)},
    )

    def option(store: Any) -> rx.Component:
        chosen: StoreOption = store
        return menu_item(chosen.name, on_click=_go_to_store(route, chosen.id))

    return rx.menu.root(
        rx.menu.trigger(trigger, disabled=FrameState.stores.length() == 0),
        rx.menu.content(
            menu_item(tr(texts.ALL_STORES), on_click=_go_to_store(route, "")),
            menu_line(),
            rx.foreach(FrameState.stores, option),
            class_name="k-menu",
            variant="soft",
        ),
    )


def _go_to_store(route: str, store_id: Any) -> rx.event.EventSpec:
    if route in BY_STORE:
        return change_query(store=store_id)
    return rx.redirect(rx.Var.create(f"{PRODUCTS.href}?store=").to(str) + store_id)


def _pill() -> rx.Component:
    pulse = FrameState.pulse
    part = tr(texts.BOT_PART, n=pulse.working, m=pulse.stores)
    words = rx.match(
        pulse.code,
        ("all", tr(texts.BOT_ALL)),
        ("part", part),
        ("suggests", tr(texts.BOT_SUGGESTS)),
        ("stopped", tr(texts.BOT_STOPPED)),
        ("silent", tr(texts.BOT_SILENT)),
        ("no_stores", tr(texts.BOT_NO_STORES)),
        "",
    )
    short = rx.cond(pulse.stores > 0, tr("{n} из {m}", n=pulse.working, m=pulse.stores), "0")
    looked = age(pulse.looked_at, prefix=tr(texts.CHECKED), never=tr(texts.NEVER_CHECKED))
    return rx.cond(
        pulse.code != "",
        status_pill(words, short, pulse.tone, "/bot", note=looked),
    )


def _news() -> rx.Component:
    def item(news: Any) -> rx.Component:
        row: News = news
        return rx.link(
            rx.el.span(row.title, class_name="k-strong"),
            rx.cond(row.body, rx.el.span(row.body, class_name="k-second")),
            rx.el.span(age(row.at), class_name="k-note"),
            href=rx.cond(row.link, row.link, "#"),
            underline="none",
            on_click=FrameState.read_news(row.id),
            class_name=rx.cond(row.is_read, "k-news", "k-news unread"),
        )

    return rx.el.div(
        rx.el.div(
            rx.el.h2(tr(texts.NEWS)),
            rx.cond(
                FrameState.unread > 0,
                rx.el.button(
                    tr(texts.READ_ALL),
                    type="button",
                    on_click=FrameState.read_news(""),
                    class_name="k-link k-push",
                ),
            ),
            class_name="k-card-head",
        ),
        rx.cond(
            FrameState.news.length() == 0,
            empty_state(tr(texts.NO_NEWS), tr(texts.NO_NEWS_WHY), icon="bell"),
            rx.el.div(rx.foreach(FrameState.news, item), class_name="k-news-list"),
        ),
        rx.el.div(
            text_link(tr(texts.ALL_NEWS), NOTIFICATIONS.href),
            text_link(tr(texts.TUNE_NEWS), "/settings?tab=notifications"),
            class_name="k-news-foot",
        ),
    )
