"""How what the plan lacks looks: over a whole page, or in place of a button; and the plan in the frame."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.frame.state import FrameState
from cube_demper.seller.plans.words import LACKS
from cube_demper.ui.actions import Text, link_button, text_link
from cube_demper.ui.i18n import tr
from cube_demper.ui.locks import lock, locked_page
from cube_demper.ui.placeholders import notice
from cube_demper.ui.tiles import meter


def page_or_lack(
    content: rx.Component, feature: str, *, keep: rx.Var[bool] | bool = False
) -> rx.Component:
    """Show a page, or in its place what the plan lacks for it.

    `keep`: there is something of the person's own on it, which a plan that ended must not hide.
    """
    words = LACKS[feature]
    plan = FrameState.plan.sold_with[feature]
    kept = rx.Var.create(keep).to(bool)
    if keep is not False:
        content = rx.fragment(_lack_over(feature), content)
    return rx.cond(
        _lacks(feature) & ~kept,
        locked_page(
            tr("{name} — в тарифе {plan}", name=tr(words.name), plan=plan["title"]),
            tr(words.text),
            [tr(it) for it in words.points],
            tr("Подключить {plan}", plan=plan["title"]),
            where_bought(feature),
            note=tr("{price} за 30 дней. Сумму к оплате покажем до платежа", price=plan["price"]),
        ),
        content,
    )


def button_or_lock(control: rx.Component, feature: str, text: Text) -> rx.Component:
    """Show a control, or in its place a lock that says `text`, the plan that has it, and leads there."""
    plan = FrameState.plan.sold_with[feature]
    title = tr("{name} — в тарифе {plan}", name=tr(LACKS[feature].name), plan=plan["title"])
    return rx.cond(
        _lacks(feature), lock(text, plan["title"], where_bought(feature), title=title), control
    )


def _lack_over(feature: str) -> rx.Component:
    """Say over a page of one's own work that the plan lacks what moves it on, and where it is bought.

    Nothing while the banner says that the plan itself is not paid.
    """
    plan = FrameState.plan.sold_with[feature]
    return rx.cond(
        _lacks(feature) & (FrameState.plan.banner.tone == ""),
        rx.el.div(
            notice(
                tr("{name} — в тарифе {plan}", name=tr(LACKS[feature].name), plan=plan["title"]),
                tr("Новые сообщения не уходят. Переписка, шаблоны и очередь на месте."),
                link_button(
                    tr("Подключить {plan}", plan=plan["title"]),
                    where_bought(feature),
                    kind="primary",
                    size="s",
                ),
                tone="amber",
            ),
            class_name="k-over",
        ),
    )


def _lacks(feature: str) -> rx.Var[bool]:
    return FrameState.plan.lacks.contains(feature)


def where_bought(feature: str) -> rx.Var[str]:
    """Return the address that opens the dialog of the cheapest plan with a feature."""
    return rx.Var.create("/billing?plan=").to(str) + FrameState.plan.sold_with[feature]["code"]


def plan_banner(route: str) -> rx.Component:
    """Say over every page what must be said about the plan."""
    if route == "/billing":
        return rx.fragment()  # the page itself says it, with more
    banner: Any = FrameState.plan.banner
    act = rx.cond(
        banner.verb, link_button(banner.verb, banner.link, kind="primary", size="s"), rx.fragment()
    )
    shown = {tone: notice(banner.title, banner.text, act, tone=tone) for tone in ("amber", "red")}
    return rx.match(
        banner.tone,
        *((tone, rx.el.div(it, class_name="k-over")) for tone, it in shown.items()),
        _lack_over("whatsapp") if _is_of_messages(route) else rx.fragment(),
    )


def _is_of_messages(route: str) -> bool:
    """Tell whether a page is about writing to buyers; the one of numbers says itself what it lacks."""
    return route.startswith("/messages") and route != "/messages/connection"


def plan_foot() -> rx.Component:
    """Show the plan and how much of it is used at the sidebar's foot."""
    plan: Any = FrameState.plan
    return rx.cond(
        plan.title,
        rx.link(
            rx.el.span(rx.el.b(tr("Тариф {plan}", plan=plan.title)), rx.el.span(plan.until)),
            rx.el.div(
                rx.el.div(style={"width": f"{plan.percent}%"}),
                class_name="k-meter-bar",
                aria_hidden="true",
                custom_attrs={"data-tone": plan.tone},
            ),
            rx.el.span(plan.used),
            href="/billing",
            underline="none",
            class_name="k-foot-card k-side-plan",
        ),
    )


def plan_meter() -> rx.Component:
    """Show the same among other limits: the foot is not there on a phone."""
    plan: Any = FrameState.plan
    return rx.cond(
        plan.title,
        rx.el.div(
            meter(tr("Тариф {plan}", plan=plan.title), plan.used, plan.percent, tone=plan.tone),
            rx.el.p(text_link(plan.until_words, "/billing"), class_name="k-note"),
        ),
    )
