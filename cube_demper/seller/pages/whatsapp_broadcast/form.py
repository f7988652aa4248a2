"""The draft as it is typed, and back. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.messaging.broadcasts.schemas import (
    Audience,
    BroadcastView,
    Choices,
    DraftInput,
)


@dataclass
class StoreChoice:
    """A store that may be ticked; none ticked: all of them."""

    id: str = ""
    name: str = ""
    is_chosen: bool = False


@dataclass
class Form:
    """What stands in the fields. `id` "": nothing is kept yet."""

    id: str = ""
    name: str = ""
    text_ru: str = ""
    text_kk: str = ""
    since: str = ""
    until: str = ""
    category: str = ""
    product: str = ""
    city: str = ""
    least_orders: str = "1"
    rest_days: str = "30"
    only_wrote: bool = False
    session_id: str = ""
    stores: list[StoreChoice] = field(default_factory=list)


NARROWING = frozenset(
    {"since", "until", "category", "product", "city", "least_orders", "rest_days", "only_wrote"}
)
"""Fields that change who is reached."""
FIELDS = NARROWING | {"name", "text_ru", "text_kk", "session_id"}
"""What the page may write."""


def form_of(view: BroadcastView | None, choices: Choices) -> Form:
    """Return the fields of a kept draft, or of a new one."""
    audience = view.audience if view else Audience()
    stores = [StoreChoice(str(it), name, it in audience.store_ids) for it, name in choices.stores]
    form = Form(
        since=audience.since.isoformat() if audience.since else "",
        until=audience.until.isoformat() if audience.until else "",
        category=audience.category,
        product=audience.product,
        city=audience.city,
        least_orders=str(audience.least_orders),
        rest_days=str(audience.rest_days),
        only_wrote=audience.only_wrote,
        stores=stores,
    )
    if view is not None:
        form.id, form.name = str(view.id), view.name
        form.text_ru, form.text_kk = view.text_ru, view.text_kk
        form.session_id = str(view.session_id or "")
    return form


def draft_of(form: Form) -> DraftInput:
    """Read the fields. Raises InvalidInput naming the one at fault."""
    audience = Audience(
        store_ids=tuple(UUID(it.id) for it in form.stores if it.is_chosen),
        since=_day(form.since, "since"),
        until=_day(form.until, "until"),
        category=form.category,
        product=form.product.strip()[:100],
        city=form.city,
        least_orders=_whole(form.least_orders, "least_orders"),
        only_wrote=form.only_wrote,
        rest_days=_whole(form.rest_days, "rest_days"),
    )
    session_id = UUID(form.session_id) if form.session_id else None
    return DraftInput(form.name, form.text_ru, form.text_kk, audience, session_id)


def _day(text: str, name: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Такой даты нет.", field=name) from None


def _whole(text: str, name: str) -> int:
    clean = text.strip()
    if not clean.isdecimal() or len(clean) > 4:
        raise InvalidInput("Напишите целое число.", field=name)
    return int(clean)
