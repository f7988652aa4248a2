"""The programme's rules: whose link counts, how long, from which sum money is paid out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidFields, InvalidInput
from cube_demper.core.money import TIYN_IN_TENGE, parse_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.partners import service as partners
from cube_demper.models.partner_program import Touch
from cube_demper.ui import session, toasts
from cube_demper.ui.actions import button
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.dialogs import dialog, dialog_actions
from cube_demper.ui.forms import form, form_field, money_input, select, text_input
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.i18n import tr

_WHOLE = {"cookie_days": (1, 365), "hold_days": (0, 180), "referral_percent": (0, 100)}
_TOUCHES = (("last", "Последняя ссылка"), ("first", "Первая ссылка"))


@dataclass
class TermsView:
    """The rules in force, as the form shows them."""

    touch: str = "last"
    cookie_days: str = ""
    hold_days: str = ""
    min_payout: str = ""
    referral_percent: str = ""


class TermsState(FormErrors, rx.State):
    """The form of the rules."""

    is_open: bool = False
    terms: TermsView = TermsView()

    @guarded(Role.ADMIN)
    async def begin(self) -> None:
        """Open the form with the rules in force."""
        self.errors, self.is_busy = {}, False
        services = bootstrap.web()
        async with services.db.read() as tx:
            known = await partners.terms(tx, services.clock.now())
        self.terms = TermsView(
            known.touch,
            str(known.cookie_days),
            str(known.hold_days),
            str(known.min_payout // TIYN_IN_TENGE),
            str(known.referral_percent),
        )
        self.is_open = True

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close the form."""
        self.is_open = False

    @dangerous(Role.ADMIN)
    async def save(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Set the rules from this minute on."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        services, changes = bootstrap.web(), _read(form)
        async with services.db.write() as tx:
            actor, now = session.current_actor(), services.clock.now()
            await partners.change_terms(tx, actor, now, **changes)
        self.is_open, self.is_busy = False, False
        yield toasts.done("Правила действуют с этой минуты, начисленное не меняется")


def _read(form: dict[str, str]) -> dict[str, Any]:
    """Read the form. Raises InvalidFields with all that is wrong."""
    faults: dict[str, str] = {}
    found: dict[str, Any] = {"touch": Touch(form.get("touch") or Touch.LAST)}
    for name, (least, most) in _WHOLE.items():
        text = form.get(name, "").strip()
        if text.isdecimal() and len(text) < 5 and least <= int(text) <= most:
            found[name] = int(text)
        else:
            faults[name] = f"Целое число от {least} до {most}."
    try:
        found["min_payout"] = parse_tenge(form.get("min_payout", ""), field="min_payout")
    except InvalidInput as error:
        faults |= error.faults
    if faults:
        raise InvalidFields(faults)
    return found


def terms_dialog() -> rx.Component:
    """Make the form."""
    it, errors = TermsState.terms, TermsState.errors
    return dialog(
        TermsState.is_open,
        form(
            form_field(
                tr("Чья ссылка считается"),
                select("touch", _TOUCHES, default_value=it.touch),
                name="touch",
            ),
            _whole("cookie_days", tr("Помним переход"), it.cookie_days, tr("дн")),
            _whole("hold_days", tr("Держим комиссию"), it.hold_days, tr("дн")),
            form_field(
                tr("Наименьшая выплата"),
                money_input("min_payout", value=it.min_payout, error=errors["min_payout"]),
                name="min_payout",
                error=errors["min_payout"],
            ),
            _whole("referral_percent", tr("Бонус за друга"), it.referral_percent, "%"),
            dialog_actions(
                button(tr("Отмена"), on_click=TermsState.put_away),
                button(tr("Сохранить"), kind="primary", submit=True, busy=TermsState.is_busy),
            ),
            on_submit=TermsState.save,
            error=errors["form"],
        ),
        title=tr("Правила программы"),
        text=tr("Для всех партнёров, с этой минуты. Что начислено, останется по прежним правилам."),
        on_close=TermsState.put_away,
    )


def _whole(name: str, label: Any, value: Any, unit: Any) -> rx.Component:
    error = TermsState.errors[name]
    return form_field(
        label,
        text_input(name, default_value=value, unit=unit, input_mode="numeric", error=error),
        name=name,
        error=error,
    )
