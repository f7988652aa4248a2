"""Use cases of stores. Others use this module and `schemas`, nothing else of the package."""

from __future__ import annotations

from cube_demper.domain.stores.cards import store_cards
from cube_demper.domain.stores.changes import (
    bot_settings,
    change_bot_settings,
    get_store,
    list_stores,
    send_forecast,
    set_mode,
    start_bot,
    stop_bot,
    stop_forecast,
)
from cube_demper.domain.stores.exclusions import exclude_rival, follow_only, include_rival, unfollow
from cube_demper.domain.stores.feeding import fed_store
from cube_demper.domain.stores.journal import day_of_bots, latest_changes
from cube_demper.domain.stores.refreshing import refreshes
from cube_demper.domain.stores.releasing import lock_merchants
from cube_demper.domain.stores.removing import forget_password, removal_forecast, remove_store
from cube_demper.domain.stores.rules import is_open, next_open, read_form
from cube_demper.domain.stores.signed_in import find_signed_in, synced_before
from cube_demper.domain.stores.status import (
    bot_cutoffs,
    bot_status,
    reachable_stores,
    ready_stores,
    why_not,
)
from cube_demper.domain.stores.trouble import block_sends, blocked_sends, mark_needs_reauth

__all__ = [
    "block_sends",
    "blocked_sends",
    "bot_cutoffs",
    "bot_settings",
    "bot_status",
    "change_bot_settings",
    "day_of_bots",
    "exclude_rival",
    "fed_store",
    "find_signed_in",
    "follow_only",
    "forget_password",
    "get_store",
    "include_rival",
    "is_open",
    "latest_changes",
    "list_stores",
    "lock_merchants",
    "mark_needs_reauth",
    "next_open",
    "reachable_stores",
    "read_form",
    "ready_stores",
    "refreshes",
    "removal_forecast",
    "remove_store",
    "send_forecast",
    "set_mode",
    "start_bot",
    "stop_bot",
    "stop_forecast",
    "store_cards",
    "synced_before",
    "unfollow",
    "why_not",
]
