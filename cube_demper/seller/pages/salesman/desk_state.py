"""The dialog in which a store's salesman is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.salesman import settings
from cube_demper.domain.salesman.settings import CHOICES, Form
from cube_demper.models.salesman import SalesmanMode, Trigger
from cube_demper.seller.pages.salesman.state import SalesmanState
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded


@dataclass
class DeskForm:
    """A store's settings as text for the inputs."""

    id: str = ""
    name: str = ""
    is_on: bool = False
    mode: str = SalesmanMode.APPROVE
    new_order: bool = True
    repeat_customer: bool = True
    review_request: bool = True
    tone: str = ""
    discount_percent: str = "0"
    promo_code: str = ""
    delay_minutes: str = "10"
    max_per_day: str = "50"
    holdout_percent: str = "10"


class DeskState(FormErrors, rx.State):
    """The dialog."""

    desk: DeskForm = DeskForm()

    @guarded(Role.USER)
    async def open(self, store_id: str, name: str) -> None:
        """Show how a store's salesman is set."""
        self.errors = {}
        services = bootstrap.web()
        async with services.db.read() as tx:
            kept = await settings.get_form(tx, session.current_actor(), UUID(store_id))
        self.desk = DeskForm(
            id=store_id,
            name=name,
            is_on=kept.is_on,
            mode=kept.mode,
            new_order=Trigger.NEW_ORDER in kept.triggers,
            repeat_customer=Trigger.REPEAT_CUSTOMER in kept.triggers,
            review_request=Trigger.REVIEW_REQUEST in kept.triggers,
            tone=kept.tone,
            discount_percent=str(kept.discount_percent),
            promo_code=kept.promo_code,
            delay_minutes=str(kept.delay_minutes),
            max_per_day=str(kept.max_per_day),
            holdout_percent=str(kept.holdout_percent),
        )

    @guarded(Role.USER)
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep what was set."""
        self.errors = {}
        services, store_id = bootstrap.web(), UUID(self.desk.id)
        async with services.db.write() as tx:
            actor = session.current_actor()
            kept = await settings.get_form(tx, actor, store_id)
            given = _read(form, kept)
            await settings.save(tx, actor, store_id, given, services.clock.now())
        self.desk = DeskForm()
        return [SalesmanState.load, toasts.done("Настройки ИИ-продавца сохранены")]

    @guarded(Role.USER)
    async def close(self) -> None:
        """Put the dialog away."""
        self.desk = DeskForm()


def _read(form: dict[str, Any], kept: Form) -> Form:
    """Read the form; what it does not show stays. Raises InvalidInput naming the field."""
    mode = str(form.get("mode", ""))
    return Form(
        is_on=bool(form.get("is_on")),
        mode=SalesmanMode.AUTO if mode == SalesmanMode.AUTO else SalesmanMode.APPROVE,
        triggers=tuple(it for it in CHOICES if form.get(it.value)),
        holdout_percent=_whole(form, "holdout_percent"),
        tone=str(form.get("tone", "")),
        discount_percent=_whole(form, "discount_percent"),
        promo_code=str(form.get("promo_code", "")),
        review_bonus=kept.review_bonus,
        delay_minutes=_whole(form, "delay_minutes"),
        max_per_day=_whole(form, "max_per_day"),
    )


def _whole(form: dict[str, Any], name: str) -> int:
    given = str(form.get(name, "")).strip()
    if not given.isdecimal() or len(given) > 6:
        raise InvalidInput("Введите целое число.", field=name)
    return int(given)
