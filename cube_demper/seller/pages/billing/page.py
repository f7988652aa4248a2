"""`/billing`: one tab at a time, in the address; what is under way stands over all of them."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.billing.cards_parts import cards_tab
from cube_demper.seller.pages.billing.choosing_parts import choosing_dialog
from cube_demper.seller.pages.billing.ending_parts import ending_dialog
from cube_demper.seller.pages.billing.goods_parts import goods_list, landing_card
from cube_demper.seller.pages.billing.payments_parts import payments_tab
from cube_demper.seller.pages.billing.plan_parts import now_card, payment_notice, plans, usage_card
from cube_demper.seller.pages.billing.requisites_parts import requisites_tab
from cube_demper.seller.pages.billing.state import BillingState
from cube_demper.ui.actions import Text
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header, stack
from cube_demper.ui.placeholders import empty_state, skeleton, when_ready


def billing_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(tr("Тариф и оплата"), BillingState.now.line),
        tabs(
            [
                Tab("", tr("Тариф")),
                Tab("payments", tr("Платежи")),
                Tab("cards", tr("Карты")),
                Tab("requisites", tr("Реквизиты")),
            ],
            rx.cond(BillingState.tab == "plan", "", BillingState.tab),
        ),
        payment_notice(),
        _shown(),
        choosing_dialog(),
        ending_dialog(),
    )


def _shown() -> rx.Component:
    """Show the tab of the address, or whose it is."""
    cards = _not_yours(
        tr("Карты видит только владелец"),
        tr("Он привязывает их и выбирает, какая продлевает тариф."),
    )
    return rx.match(
        BillingState.tab,
        ("payments", rx.cond(BillingState.sees_money, payments_tab(), _money_only())),
        ("cards", rx.cond(BillingState.is_owner, cards_tab(), cards)),
        ("requisites", rx.cond(BillingState.sees_money, requisites_tab(), _money_only())),
        when_ready(
            BillingState.phase,
            _plan_tab(),
            waiting=rx.cond(BillingState.now.title, _plan_tab(), _waiting()),
            on_retry=BillingState.load,
            error_text=tr("Тариф действует, его не получилось показать."),
        ),
    )


def _plan_tab() -> rx.Component:
    return stack(
        rx.el.div(now_card(), usage_card(), class_name="k-halves"),
        plans(),
        rx.cond(BillingState.now.is_repricing, landing_card()),
        goods_list(),
    )


def _money_only() -> rx.Component:
    return _not_yours(
        tr("Деньги видят не все"),
        tr("Для этого нужно право «Деньги»: его даёт владелец кабинета."),
    )


def _not_yours(title: Text, text: Text) -> rx.Component:
    return rx.el.div(empty_state(title, text, icon="lock"), class_name="k-card")


def _waiting() -> rx.Component:
    return stack(
        rx.el.div(card(skeleton(4)), card(skeleton(4)), class_name="k-halves"),
        card(skeleton(6)),
    )
