"""Who is left out of account, or alone counts, in a store: chosen by name from those it has met."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.market.rivals import naming
from cube_demper.domain.market.rivals.naming import Met
from cube_demper.domain.stores import service as stores
from cube_demper.seller.pages.bot.reading import store_uuid
from cube_demper.ui import session
from cube_demper.ui.format import counted
from cube_demper.ui.guards import guarded

EXCLUDED, ONLY = "excluded_merchant_ids", "only_merchants"
_FIELDS = (EXCLUDED, ONLY)
_NOT_MET = "На ваших карточках такого продавца не встречали."
_TOO_EARLY = (
    "Продавцов пока не знаем: список появится через минуту после первых проверок бота. "
    "Сейчас продавца можно добавить по номеру."
)


@dataclass
class Merchant:
    """A seller of Kaspi; `note` tells two of one name apart."""

    id: str = ""
    name: str = ""
    note: str = ""


class MerchantsState(rx.State):
    """Both lists as they stand in the form, and what a search has found; nothing here is saved."""

    store_id: str = ""
    chosen: dict[str, list[Merchant]] = {EXCLUDED: [], ONLY: []}
    ids: dict[str, str] = {EXCLUDED: "", ONLY: ""}
    """What the form submits: the numbers with commas."""
    field: str = ""
    """Where is searched now."""
    found: list[Merchant] = []
    nobody: str = ""
    """Why nobody was found."""

    @guarded(Role.USER)
    async def fill(self, store_id: str) -> None:
        """Take what is saved for the store."""
        self.store_id, self.chosen, self.ids = "", {}, {}
        self._end_search()
        actor, asked = session.current_actor(), store_uuid(store_id)
        async with bootstrap.web().db.read() as tx:
            settings = await stores.bot_settings(tx, actor, asked)
            excluded = settings.excluded_merchant_ids
            only = tuple(sorted(settings.rival_filters.only_merchants))
            met = await naming.met_by_id(tx, actor, asked, (*excluded, *only))
        for field, ids in ((EXCLUDED, excluded), (ONLY, only)):
            self._keep(field, [_merchant(it, met.get(it)) for it in ids])
        self.store_id = store_id

    @guarded(Role.USER)
    async def search(self, field: str, text: str) -> None:
        """Find sellers by name or number among those that the store has met."""
        self._end_search()
        wanted = text.strip()[:60]
        if field not in _FIELDS or not wanted:
            return
        actor, asked = session.current_actor(), store_uuid(self.store_id)
        async with bootstrap.web().db.read() as tx:
            met = await naming.find_met(tx, actor, asked, wanted)
            is_early = not met and not await naming.has_met_anybody(tx, actor, asked)
        taken = {it.id for it in self.chosen[field]}
        self.found = [_merchant(it.merchant_id, it) for it in met if it.merchant_id not in taken]
        self.field = field
        self.nobody = "" if met else _TOO_EARLY if is_early else _NOT_MET
        if _is_number(wanted) and wanted not in taken | {it.merchant_id for it in met}:
            self.found = [*self.found, Merchant(wanted, wanted, "Добавить по номеру")]

    @guarded(Role.USER)
    async def add(self, field: str, merchant_id: str) -> None:
        """Put a found seller on a list."""
        found = [it for it in self.found if it.id == merchant_id]
        if field not in _FIELDS or not found:
            raise InvalidInput("Найдите продавца ещё раз.")
        added = found[0] if found[0].id != found[0].name else _merchant(merchant_id, None)
        self._keep(field, [*self.chosen[field], added])
        self._end_search()

    @guarded(Role.USER)
    async def remove(self, field: str, merchant_id: str) -> None:
        """Take a seller off a list."""
        if field in _FIELDS:
            self._keep(field, [it for it in self.chosen[field] if it.id != merchant_id])

    def _keep(self, field: str, merchants: list[Merchant]) -> None:
        self.chosen = {**self.chosen, field: merchants}
        self.ids = {**self.ids, field: ", ".join(it.id for it in merchants)}

    def _end_search(self) -> None:
        self.field, self.found, self.nobody = "", [], ""


def _merchant(merchant_id: str, met: Met | None) -> Merchant:
    if met is None:
        return Merchant(merchant_id, merchant_id, "на ваших карточках не встречали")
    goods = counted(met.goods, "товаре", "товарах", "товарах")
    return Merchant(merchant_id, met.name or merchant_id, f"№ {merchant_id}, на {goods}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isalnum() and any(it.isdigit() for it in text)
