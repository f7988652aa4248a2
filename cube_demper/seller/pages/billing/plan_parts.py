"""The tab «Тариф»: what one has, how much of it is used, the plans side by side."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.billing.ending_state import EndingState
from cube_demper.seller.pages.billing.rows import FeatureLine, PlanOffer
from cube_demper.seller.pages.billing.state import BillingState
from cube_demper.ui import toasts
from cube_demper.ui.actions import button, link_button, server_link, text_link
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, fact_list
from cube_demper.ui.placeholders import notice
from cube_demper.ui.statuses import badge
from cube_demper.ui.tiles import meter

_OWNER_PAYS = "Тариф выбирает и оплачивает владелец кабинета."


def now_card() -> rx.Component:
    """Show the plan in force and what comes next."""
    now = BillingState.now
    return card(
        fact_list(now.facts),
        rx.cond(BillingState.is_owner, _acts(), rx.el.p(tr(_OWNER_PAYS), class_name="k-note")),
        title=now.title,
        note=badge(now.word, now.tone),
    )


def _acts() -> rx.Component:
    now = BillingState.now
    return rx.el.div(
        rx.cond(
            now.pay_code, link_button(now.pays, f"/billing?plan={now.pay_code}", kind="primary")
        ),
        rx.match(
            now.can,
            ("cancel", button(tr("Отменить продление"), on_click=EndingState.ask_cancel)),
            ("resume", button(tr("Вернуть продление"), on_click=EndingState.resume)),
            (
                "stay",
                button(tr("Остаться на {plan}", plan=now.title), on_click=EndingState.resume),
            ),
            rx.fragment(),
        ),
        class_name="k-row k-acts",
        hidden=(now.pay_code == "") & (now.can == ""),
    )


def usage_card() -> rx.Component:
    """Show how much of the plan is used."""
    usage = BillingState.usage
    return card(
        rx.el.div(
            meter(tr("Товары с ботом"), usage.goods, usage.goods_percent, tone=usage.goods_tone),
            rx.cond(
                usage.over,
                rx.el.p(
                    usage.over,
                    " ",
                    text_link(tr("Разобрать"), "/billing?goods=losing#goods"),
                    class_name="k-note",
                ),
            ),
            rx.el.div(
                rx.el.div(
                    rx.el.span(tr("Сообщения WhatsApp за сегодня")),
                    rx.el.span(usage.messages, class_name="k-second k-push"),
                ),
                class_name="k-meter",
            ),
            rx.cond(
                usage.proxies,
                meter(
                    tr("Прокси"),
                    usage.proxies,
                    usage.proxies_percent,
                    tone=rx.cond(usage.shortage, "amber", "blue"),
                ),
            ),
            rx.cond(usage.shortage, rx.el.p(usage.shortage, class_name="k-note")),
            class_name="k-stack-s",
        ),
        title=tr("Использование"),
    )


def plans() -> rx.Component:
    """Show the plans side by side."""
    return rx.el.section(
        rx.el.h2(tr("Тарифы"), class_name="k-unseen"),
        rx.el.div(rx.foreach(BillingState.plans, _plan), class_name="k-plans"),
    )


def _plan(item: Any) -> rx.Component:
    plan: PlanOffer = item
    href = rx.Var.create("/billing?plan=").to(str) + plan.code
    return rx.el.article(
        rx.el.div(
            rx.el.h3(plan.title),
            rx.cond(plan.is_here, badge(tr("Сейчас"), "blue", "check")),
            class_name="k-plan-head",
        ),
        rx.el.p(
            rx.el.b(plan.price),
            rx.el.span(plan.per, class_name="k-second"),
            class_name="k-plan-price",
        ),
        rx.el.p(plan.limit, class_name="k-plan-limit"),
        rx.el.ul(rx.foreach(plan.features, _feature), class_name="k-may"),
        rx.match(
            rx.cond(BillingState.is_owner | (plan.act == "yours"), plan.act, ""),
            (
                "choose",
                rx.cond(
                    plan.is_better,
                    link_button(plan.verb, href, kind="primary"),
                    link_button(plan.verb, href),
                ),
            ),
            ("end", button(plan.verb, on_click=EndingState.ask_cancel)),
            ("", rx.fragment()),
            rx.el.span(
                rx.icon("check", size=16, aria_hidden="true"), plan.verb, class_name="k-plan-yours"
            ),
        ),
        class_name="k-card k-plan",
        custom_attrs={"data-here": rx.cond(plan.is_here, "true", "false")},
        key=plan.code,
    )


def _feature(item: Any) -> rx.Component:
    line: FeatureLine = item
    return rx.el.li(
        rx.cond(
            line.has,
            rx.icon("check", size=16, aria_hidden="true"),
            rx.icon("lock", size=16, aria_hidden="true"),
        ),
        rx.el.span(
            line.words,
            rx.cond(line.has, "", rx.el.span(tr(" — нет"), class_name="k-second")),
            rx.cond(
                line.has & line.is_coming, rx.el.span(tr(" — скоро"), class_name="k-second"), ""
            ),
        ),
        custom_attrs={"data-has": rx.cond(line.has, "true", "false")},
    )


def payment_notice() -> rx.Component:
    """Say how the payment under way stands; it changes by itself when the payment is settled."""
    pending = BillingState.pending
    actions = rx.el.div(
        rx.cond(
            pending.can_open & BillingState.is_owner,
            button(
                tr("Открыть страницу оплаты"),
                kind="primary",
                size="s",
                on_click=BillingState.open_link,
            ),
        ),
        rx.cond(
            pending.paper,
            server_link(
                rx.icon("file-text", size=16, aria_hidden="true"),
                rx.el.span(tr("Скачать счёт")),
                href=pending.paper,
                class_name="k-button k-primary k-size-s",
                target="_blank",
            ),
        ),
        rx.cond(
            (pending.again != "") & BillingState.is_owner,
            link_button(tr("Оплатить иначе"), pending.again, kind="primary", size="s"),
        ),
        rx.foreach(pending.copies, _copy),
        rx.cond(
            pending.can_drop & BillingState.is_owner,
            button(tr("Отменить счёт"), size="s", kind="ghost", on_click=BillingState.drop_payment),
        ),
        class_name="k-row",
    )
    return rx.match(
        pending.tone,
        ("blue", notice(pending.title, pending.text, actions)),
        ("amber", notice(pending.title, pending.text, actions, tone="amber")),
        ("red", notice(pending.title, pending.text, actions, tone="red")),
        ("green", notice(pending.title, pending.text, actions, tone="green")),
        rx.fragment(),
    )


def _copy(item: Any) -> rx.Component:
    said = toasts.done("Скопировано")
    return button(item[0], icon="copy", size="s", on_click=[rx.set_clipboard(item[1]), said])
