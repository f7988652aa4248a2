"""The form of a store's settings (SPEC §3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.money import whole_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.errors import InvalidSettings, SettingsChanged
from cube_demper.domain.stores.schemas import BotSettings, SettingsForm
from cube_demper.seller.pages.bot.merchants_state import MerchantsState
from cube_demper.seller.pages.bot.reading import asked_store, store_uuid
from cube_demper.seller.pages.product.inherited import preview_words
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted, number
from cube_demper.ui.guards import FormErrors, guarded

_TEXTS = (
    "price_step",
    "check_interval_minutes",
    "work_hours_start",
    "work_hours_end",
    "min_profit",
    "excluded_merchant_ids",
    "min_rating",
    "min_reviews",
    "only_merchants",
    "delivery_filter",
)

_TICKED = ("on", "true", True)


@dataclass
class SettingsView:
    """The settings as the form shows them. A new `version` makes the browser fill the form anew."""

    store_id: str = ""
    version: int = 0
    price_step: str = ""
    check_interval_minutes: str = ""
    work_hours_start: str = ""
    work_hours_end: str = ""
    min_profit: str = ""
    min_rating: str = ""
    min_reviews: str = ""
    ignore_preorder: bool = False
    delivery_filter: str = ""
    home_city_only: bool = False


class BotSettingsState(FormErrors, rx.State):
    """The form: what is saved, what is wrong with what was typed."""

    saved: SettingsView = SettingsView()
    is_round_the_clock: bool = False
    preview: str = ""
    _seen: BotSettings | None = None

    @guarded(Role.USER)
    async def load(self) -> Any:
        """Read the settings of the store that the address asks for; meanwhile nothing can be typed."""
        self.errors = {}
        self.saved = SettingsView(version=self.saved.version)
        yield
        services, actor = bootstrap.web(), session.current_actor()
        asked = asked_store(self.router.url)
        async with services.db.read() as tx:
            own = await stores.list_stores(tx, actor)
            chosen = next((it for it in own if str(it.id) == asked), own[0] if own else None)
            if chosen is None:
                return
            settings = await stores.bot_settings(tx, actor, chosen.id)
        self._show(str(chosen.id), settings)
        yield MerchantsState.fill(self.saved.store_id)

    @guarded(Role.USER)
    async def save(self, data: dict[str, Any]) -> Any:
        """Save what was typed; every wrong field gets its sentence."""
        self.errors = {}
        self.is_busy = True
        yield
        services, actor = bootstrap.web(), session.current_actor()
        try:
            settings = stores.read_form(_form(data))
            async with services.db.write() as tx:
                store_id, now = store_uuid(self.saved.store_id), services.clock.now()
                checked = await stores.change_bot_settings(
                    tx, actor, store_id, settings, now, seen=self._seen
                )
            async with services.db.read() as tx:
                settings = await stores.bot_settings(tx, actor, store_id)
        except InvalidSettings as refused:
            self.errors = refused.fields
            return
        except SettingsChanged:
            yield BotSettingsState.load
            raise
        finally:
            self.is_busy = False
        self._show(self.saved.store_id, settings)
        goods = counted(checked, "товар", "товара", "товаров")
        yield toasts.done(f"Сохранено. Бот заново проверит {goods}.")

    @guarded(Role.USER)
    async def show_preview(self, data: dict[str, Any]) -> None:
        """Say how many rivals the rules as typed would leave; nothing is saved."""
        self.errors = {}
        try:
            settings = stores.read_form(_form(data))
        except InvalidSettings as refused:
            self.errors = refused.fields
            return
        async with bootstrap.web().db.read() as tx:
            found = await catalog.preview_store(
                tx,
                session.current_actor(),
                store_uuid(self.saved.store_id),
                filters=settings.rival_filters,
                delivery_filter=settings.delivery_filter,
                excluded=settings.excluded_merchant_ids,
            )
        self.preview = preview_words(found)

    @guarded(Role.USER)
    async def choose_round_the_clock(self, wished: bool) -> None:
        """Hide or show the hours; nothing is saved yet."""
        self.is_round_the_clock = wished

    def _show(self, store_id: str, settings: BotSettings) -> None:
        self._seen = settings
        filters, hours = settings.rival_filters, settings.hours
        self.is_round_the_clock = hours.start is None
        self.preview = ""
        self.saved = SettingsView(
            store_id=store_id,
            version=self.saved.version + 1,
            price_step=number(whole_tenge(settings.price_step)),
            check_interval_minutes=str(settings.check_interval_minutes),
            work_hours_start=f"{hours.start:%H:%M}" if hours.start else "",
            work_hours_end=f"{hours.end:%H:%M}" if hours.end else "",
            min_profit="" if settings.min_profit is None else number(settings.min_profit // 100),
            min_rating="" if filters.min_rating is None else number(filters.min_rating, digits=1),
            min_reviews="" if filters.min_reviews is None else str(filters.min_reviews),
            ignore_preorder=bool(filters.ignore_preorder),
            delivery_filter=settings.delivery_filter or "",
            home_city_only=settings.home_city_only,
        )


def _form(data: dict[str, Any]) -> SettingsForm:
    texts = {name: str(data.get(name) or "") for name in _TEXTS}
    return SettingsForm(
        **texts,
        is_round_the_clock=data.get("is_round_the_clock") in _TICKED,
        ignore_preorder=data.get("ignore_preorder") in _TICKED,
        home_city_only=data.get("home_city_only") in _TICKED,
    )
