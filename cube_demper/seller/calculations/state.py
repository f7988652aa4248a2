"""The calculation on the screen: copied, put into a file, kept, shared by a link."""

from __future__ import annotations

import copy
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import read_id
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.calculations import service as calculations
from cube_demper.domain.calculations.schemas import Draft, Paper
from cube_demper.models.calculations import CalculationKind
from cube_demper.seller.calculations.paper import as_text, as_xlsx
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded


class KeepState(FormErrors, rx.State):
    """What can be done with the calculation on the screen; `saved_id` is empty until it is kept."""

    saved_id: str = ""
    title: str = ""
    link: str = ""
    is_naming: bool = False
    _draft: Draft | None = None

    @guarded(Role.USER)
    async def ask_title(self) -> None:
        """Ask what to call it."""
        self.errors, self.is_naming = {}, True

    @guarded(Role.USER)
    async def close(self) -> None:
        """Close what is open over the page."""
        self.is_naming, self.link = False, ""

    @guarded(Role.USER)
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep it under the title of the form; one that is kept already is changed."""
        self.errors = {}
        is_copy = form.get("as_copy") in ("on", "true", True)
        await self._keep(str(form.get("title") or ""), anew=is_copy)
        self.is_naming = False
        return toasts.done("Расчёт в избранном: «Калькуляторы», раздел «Сохранённые»")

    @guarded(Role.USER)
    async def share(self) -> None:
        """Show the link that opens it without a sign-in; first it is kept as it is on the screen."""
        await self._keep(self.title)
        services, actor = bootstrap.web(), session.current_actor()
        now, box = services.clock.now(), services.secrets
        async with services.db.write() as tx:
            path = await calculations.share(tx, actor, read_id(self.saved_id), box, now)
        self.link = f"{services.settings.app_url(CubeApp.SELLER)}{path}"

    @guarded(Role.USER)
    async def unshare(self) -> Any:
        """Revoke the link."""
        async with bootstrap.web().db.write() as tx:
            await calculations.unshare(tx, session.current_actor(), read_id(self.saved_id))
        self.link = ""
        return toasts.done("Ссылка отозвана: по ней больше ничего не видно")

    @guarded(Role.USER)
    async def copy_text(self) -> Any:
        """Put the calculation into the clipboard as text."""
        text = as_text(await self._paper())
        return [rx.set_clipboard(text), toasts.done("Расчёт скопирован")]

    @guarded(Role.USER)
    async def download(self) -> Any:
        """Give the calculation as a file for Excel."""
        paper = await self._paper()
        today = f"{bootstrap.web().clock.now():%Y-%m-%d}"
        return rx.download(data=as_xlsx(paper), filename=f"Расчёт {today}.xlsx")

    async def _paper(self) -> Paper:
        async with bootstrap.web().db.read() as tx:
            return await calculations.paper_of(tx, session.current_actor(), self._counted())

    async def _keep(self, title: str, *, anew: bool = False) -> None:
        counted, services = self._counted(), bootstrap.web()
        draft = Draft(counted.kind, title, counted.input)
        saved_id = read_id(self.saved_id) if self.saved_id and not anew else None
        async with services.db.write() as tx:
            kept = await calculations.keep(
                tx, session.current_actor(), draft, services.clock.now(), saved_id=saved_id
            )
        self.saved_id, self.title, self._draft = str(kept), draft.title, draft

    def _counted(self) -> Draft:
        if self._draft is None:
            raise InvalidInput("Сначала рассчитайте.")
        return copy.deepcopy(self._draft)  # without Reflex's wrappers, which are no lists

    def _put(self, draft: Draft | None, saved_id: str) -> None:
        self._draft, self.title = draft, draft.title if draft else ""
        self.saved_id, self.link, self.is_naming = saved_id, "", False


async def put(page: rx.State, draft: Draft | None, *, saved_id: str | None = None) -> None:
    """Tell what is on the screen now; without `saved_id` it stays the one that is kept."""
    keep = await page.get_state(KeepState)
    kept = keep.saved_id if saved_id is None else saved_id
    if draft is not None and saved_id is None and keep.title and keep.saved_id:
        draft = Draft(draft.kind, keep.title, draft.input)
    keep._put(draft, kept)  # noqa: SLF001 - parts of one page


def kind_of(text: str) -> CalculationKind | None:
    """Read a calculator's name of an address; nonsense is none."""
    return CalculationKind(text) if text in tuple(CalculationKind) else None
