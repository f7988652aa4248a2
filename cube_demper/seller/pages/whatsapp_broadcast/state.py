"""One broadcast: the draft as it is typed, or how far it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging.broadcasts import drafts
from cube_demper.domain.messaging.broadcasts.errors import BroadcastNotFound
from cube_demper.domain.messaging.broadcasts.schemas import Chosen
from cube_demper.seller.pages.whatsapp_broadcast.form import FIELDS, NARROWING, Form, draft_of
from cube_demper.seller.pages.whatsapp_broadcast.reading import (
    Options,
    Picture,
    count,
    read,
    sample,
)
from cube_demper.seller.pages.whatsapp_broadcast.rows import (
    CheckView,
    ReachView,
    SampleRow,
    StandingView,
)
from cube_demper.ui import session
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads

STEPS = ("whom", "text", "check")
_CONCERN = {REREAD, "broadcast", "whatsapp"}


class BroadcastState(FormErrors, LiveMixin, PageMixin, rx.State):
    """What the page shows. `step` "": it has begun and is watched."""

    step: str = "whom"
    form: Form = Form()
    options: Options = Options()
    reach: ReachView = ReachView()
    sample: SampleRow = SampleRow()
    check: CheckView = CheckView()
    standing: StandingView = StandingView()
    _reader: Chosen | None = None

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the broadcast and the step that the address names."""
        self.errors = {}
        try:
            await self._read_anew()
        except BroadcastNotFound:
            self.phase = "missing"

    @guarded(Role.USER)
    async def write(self, name: str, value: Any) -> None:
        """Take what was typed into a field."""
        if name in FIELDS:
            self.form = replace(self.form, **{name: value})
            await self._try_on(is_recounted=name in NARROWING)

    @guarded(Role.USER)
    async def toggle_store(self, store_id: str) -> None:
        """Tick a store, or take the tick back."""
        stores = [
            replace(it, is_chosen=it.is_chosen != (it.id == store_id)) for it in self.form.stores
        ]
        self.form = replace(self.form, stores=stores)
        await self._try_on(is_recounted=True)

    @guarded(Role.USER)
    async def insert(self, name: str, variable: str) -> None:
        """Put a variable at the end of a text."""
        if name in {"text_ru", "text_kk"}:
            text = f"{getattr(self.form, name)}{{{variable}}}"
            self.form = replace(self.form, **{name: text})
            await self._try_on(is_recounted=False)

    @guarded(Role.USER)
    async def go(self, step: str) -> Any:
        """Keep the draft and show another step."""
        self.errors = {}
        services, actor, given = bootstrap.web(), session.current_actor(), draft_of(self.form)
        async with services.db.write() as tx:
            if self.form.id:
                kept = UUID(self.form.id)
                await drafts.change(tx, actor, kept, given)
            else:
                kept = await drafts.create(tx, actor, given, services.clock.now())
        step = step if step in STEPS else STEPS[0]
        return rx.redirect(f"/messages/broadcasts/{kept}?step={step}", replace=not self.form.id)

    async def _read_anew(self) -> None:
        self._show(await read(session.current_actor(), *self._asked()))

    async def _try_on(self, *, is_recounted: bool) -> None:
        self.errors = {}
        actor = session.current_actor()
        if is_recounted:
            self.reach, self._reader = await count(actor, self.form)
        self.sample = await sample(actor, self.form, self._reader)
        if self.form.id:
            async with bootstrap.web().db.write() as tx:
                await drafts.keep(tx, actor, UUID(self.form.id), draft_of(self.form))

    async def _changed(self, events: list[BrowserEvent]) -> None:
        """Read again how far it is; what is being typed is left alone."""
        async with self:
            is_typed, asked = self.step in {"whom", "text"}, self._asked()
        if is_typed or not any(event.kind in _CONCERN for event in events):
            return
        picture = await read(session.current_actor(), *asked)
        async with self:
            self._show(picture)

    def _asked(self) -> tuple[str, str]:
        url = self.router.url
        step = url.query_parameters.get("step", "")
        return url.path.rstrip("/").rsplit("/", 1)[-1], step if step in STEPS else STEPS[0]

    def _show(self, picture: Picture) -> None:
        self.step, self.form, self.options = picture.step, picture.form, picture.options
        self.reach, self.check, self.standing = picture.reach, picture.check, picture.standing
        self.sample, self._reader = picture.sample, picture.reader
        self.phase = "ready"
