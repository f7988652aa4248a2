"""Use cases of replays. Others use this module and `schemas`, nothing else of the package."""

from __future__ import annotations

from cube_demper.domain.replay.playing import (
    MOST_AT_ONCE,
    SPANS,
    looks_to_replay,
    replay_product,
)
from cube_demper.domain.replay.runs import (
    MOST_CHOSEN,
    TOPIC,
    begin_run,
    cancel_run,
    find_run,
    keep_results,
    next_of_run,
    play_for_run,
    results_of,
    spread_of,
)
from cube_demper.domain.replay.store_rule import ANY_DELIVERY, StoreRule, store_rule_from_json
from cube_demper.domain.replay.terms import House, rule_from_json

__all__ = [
    "ANY_DELIVERY",
    "MOST_AT_ONCE",
    "MOST_CHOSEN",
    "SPANS",
    "TOPIC",
    "House",
    "StoreRule",
    "begin_run",
    "cancel_run",
    "find_run",
    "keep_results",
    "looks_to_replay",
    "next_of_run",
    "play_for_run",
    "replay_product",
    "results_of",
    "rule_from_json",
    "spread_of",
    "store_rule_from_json",
]
