"""Reading one broadcast for its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.messaging.broadcasts import checking, drafts, viewing
from cube_demper.domain.messaging.broadcasts.errors import BroadcastNotFound
from cube_demper.domain.messaging.broadcasts.schemas import BroadcastStatus, Choices, Chosen
from cube_demper.seller.pages.whatsapp_broadcast.form import Form, draft_of, form_of
from cube_demper.seller.pages.whatsapp_broadcast.rows import (
    CheckView,
    ReachView,
    SampleRow,
    StandingView,
    check_view,
    reach_view,
    sample_row,
    standing_view,
)

NEW = "new"
_ANY = {"value": "", "label": "Все"}


@dataclass
class Options:
    """What the selects offer."""

    categories: list[dict[str, str]] = field(default_factory=list)
    cities: list[dict[str, str]] = field(default_factory=list)
    numbers: list[dict[str, str]] = field(default_factory=list)
    has_stores: bool = False
    """More than one: there is a choice."""
    has_numbers: bool = False


@dataclass
class Picture:
    """What was read at one moment."""

    step: str
    form: Form = field(default_factory=Form)
    options: Options = field(default_factory=Options)
    reach: ReachView = field(default_factory=ReachView)
    reader: Chosen | None = None
    sample: SampleRow = field(default_factory=SampleRow)
    check: CheckView = field(default_factory=CheckView)
    standing: StandingView = field(default_factory=StandingView)


async def read(actor: Actor, asked: str, step: str) -> Picture:
    """Return a broadcast as its page shows it. Raises BroadcastNotFound."""
    services = bootstrap.web()
    now, secrets = services.clock.now(), services.secrets
    async with services.db.read() as tx:
        view = None
        if asked != NEW:
            view = await viewing.get(tx, actor, _id_of(asked), now, secrets=secrets)
        if view is not None and view.status is not BroadcastStatus.DRAFT:
            return Picture("", standing=standing_view(view, now))
        choices = await drafts.choices(tx, actor)
        form = form_of(view, choices)
        picture = Picture("whom" if view is None else step, form, _options(choices))
        if picture.step == "check" and view is not None:
            told = await checking.check(tx, actor, view.id, now, secrets=secrets)
            picture.check, picture.reach = check_view(told), reach_view(told.reach)
        else:
            found, picture.reader = await checking.reach(tx, actor, draft_of(form).audience, now)
            picture.reach = reach_view(found)
    picture.sample = await sample(actor, form, picture.reader)
    return picture


async def count(actor: Actor, form: Form) -> tuple[ReachView, Chosen | None]:
    """Count whom the fields reach; return also who would be written to first. Raises InvalidInput."""
    services, audience = bootstrap.web(), draft_of(form).audience
    async with services.db.read() as tx:
        found, reader = await checking.reach(tx, actor, audience, services.clock.now())
    return reach_view(found), reader


async def sample(actor: Actor, form: Form, reader: Chosen | None) -> SampleRow:
    """Fill what is being typed for one person. Raises InvalidInput."""
    if reader is None:
        return SampleRow()
    services, given = bootstrap.web(), draft_of(form)
    async with services.db.read() as tx:
        shown = await checking.sample(
            tx, actor, given, reader, services.clock.now(), secrets=services.secrets
        )
    return sample_row(shown)


def _id_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BroadcastNotFound from None


def _options(choices: Choices) -> Options:
    return Options(
        categories=[_ANY, *({"value": it, "label": it} for it in choices.categories)],
        cities=[_ANY, *({"value": it, "label": it} for it in choices.cities)],
        numbers=[
            {"value": "", "label": "Первый рабочий"},
            *({"value": str(it), "label": name} for it, name in choices.numbers),
        ],
        has_stores=len(choices.stores) > 1,
        has_numbers=len(choices.numbers) > 1,
    )
