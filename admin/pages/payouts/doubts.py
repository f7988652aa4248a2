"""Commissions that wait for a person: signs of fraud, and the two answers to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.core.money import format_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.partners import service as partners
from cube_demper.domain.partners.words import doubts_in_words
from cube_demper.ui import session, toasts
from cube_demper.ui.actions import button
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, text_input
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, fact_list


@dataclass
class DoubtRow:
    """One commission in doubt."""

    id: str = ""
    amount: str = ""
    partner: str = ""
    seller: str = ""
    why: str = ""


class DoubtsState(FormErrors, rx.State):
    """The doubts, and the one that is being decided: «clear» or «deny»."""

    doubts: list[DoubtRow] = []
    chosen: DoubtRow = DoubtRow()
    deed: str = ""
    facts: list[tuple[str, str]] = []

    @guarded(Role.ADMIN)
    async def load(self) -> None:
        """Read them, the oldest first."""
        async with bootstrap.web().db.read() as tx:
            found = await partners.doubted(tx, session.current_actor())
        self.doubts = [
            DoubtRow(
                str(it.id),
                format_tenge(it.amount),
                it.partner,
                it.seller,
                doubts_in_words(it.doubts),
            )
            for it in found
        ]
        self.deed = ""

    @guarded(Role.ADMIN)
    async def begin(self, deed: str, entry_id: str) -> None:
        """Ask before deciding."""
        self.errors, self.is_busy = {}, False
        it = next((one for one in self.doubts if one.id == entry_id), DoubtRow())
        self.chosen, self.deed = it, deed
        self.facts = [
            ("Партнёр", it.partner),
            ("Клиент", it.seller),
            ("Комиссия", it.amount),
            ("Сомнение", it.why),
        ]

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close the question."""
        self.deed = ""

    @dangerous(Role.ADMIN)
    async def decide(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Release the commission, or deny it."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        services, actor = bootstrap.web(), session.current_actor()
        entry_id, now = read_id(self.chosen.id), services.clock.now()
        async with services.db.write() as tx:
            if self.deed == "clear":
                await partners.clear(tx, actor, entry_id, now)
                done = "Начисление отпущено"
            else:
                await partners.deny(tx, actor, entry_id, form.get("reason") or "", now)
                done = "В начислении отказано"
        self.is_busy = False
        yield DoubtsState.load
        yield toasts.done(done)


def doubts_card() -> rx.Component:
    """List what is in doubt; nothing where there is nothing."""
    return rx.cond(
        DoubtsState.doubts.length() > 0,
        rx.fragment(
            card(
                rx.el.ul(rx.foreach(DoubtsState.doubts, _line), class_name="k-lines-list"),
                title=tr("Комиссии под вопросом"),
                note=tr("деньги стоят, пока вы не решите"),
                flush=True,
            ),
            _question(),
        ),
    )


def _line(entry: Any) -> rx.Component:
    it: DoubtRow = entry
    return rx.el.li(
        rx.el.span(
            rx.el.span(it.partner, " ← ", it.seller, class_name="k-strong"),
            rx.el.span(it.why, class_name="k-note"),
            class_name="k-lines",
        ),
        rx.el.span(
            rx.el.b(it.amount),
            button(tr("Отпустить"), size="s", on_click=DoubtsState.begin("clear", it.id)),
            button(
                tr("Отказать"), size="s", kind="ghost", on_click=DoubtsState.begin("deny", it.id)
            ),
            class_name="k-row k-push",
        ),
        class_name="k-line",
    )


def _question() -> rx.Component:
    is_denial = DoubtsState.deed == "deny"
    reason = form_field(
        tr("Причина"),
        text_input("reason", max_length=300, auto_complete="off"),
        name="reason",
        help=tr("Её прочитает партнёр."),
    )
    return dialog(
        DoubtsState.deed != "",
        fact_list(DoubtsState.facts),
        form(
            rx.cond(is_denial, reason),
            dialog_actions(
                button(tr("Отмена"), on_click=DoubtsState.put_away),
                button(
                    rx.cond(is_denial, tr("Отказать"), tr("Отпустить")),
                    kind="primary",
                    submit=True,
                    busy=DoubtsState.is_busy,
                ),
            ),
            on_submit=DoubtsState.decide,
            error=DoubtsState.errors["form"],
        ),
        title=rx.cond(is_denial, tr("Отказать в комиссии?"), tr("Отпустить комиссию?")),
        text=tr("Отпущенная пойдёт обычным путём, и этого клиента больше не спросим."),
        on_close=DoubtsState.put_away,
    )
