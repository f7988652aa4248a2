"""Whatever happens, and however often: the ledger is zero, nobody is charged twice, plans follow money."""

from __future__ import annotations

import os
from datetime import datetime

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from money_histories import STARTS, STEPS, Step, begin_history
from sqlalchemy import text

from cube_demper.db.session import Database

HOW_MANY = int(os.environ.get("CUBE_MONEY_HISTORIES", "60"))
"""Each takes some tenths of a second: CUBE_MONEY_HISTORIES=5000 plays what the suite has no time for."""
_EMPTY = text(
    "SET LOCAL session_replication_role = replica; DELETE FROM ledger_entries; DELETE FROM refunds;"
    "DELETE FROM invoices; DELETE FROM payments; DELETE FROM dunning_steps; DELETE FROM dunning_cases;"
    "DELETE FROM subscriptions; DELETE FROM outbox; DELETE FROM notifications; DELETE FROM audit_log;"
    "DELETE FROM charge_attempts; DELETE FROM refund_attempts; DELETE FROM gateway_events;"
    "DELETE FROM payment_cards; DELETE FROM users"
)
_numbers = st.integers(0, 40)
_step: st.SearchStrategy[Step] = st.tuples(st.sampled_from(STEPS), _numbers, _numbers)


@settings(
    max_examples=HOW_MANY,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
@given(st.sampled_from(STARTS), st.lists(_step, min_size=8, max_size=32))
async def test_every_history_balances(db: Database, start: datetime, steps: list[Step]) -> None:
    async with db.write() as tx:
        for statement in str(_EMPTY).split(";"):
            await tx.execute(text(statement))
    history = await begin_history(db, start)
    for number, step in enumerate(steps):
        await history.do(step)
        if number % 3 == 2:
            await history.look()
    await history.end()
