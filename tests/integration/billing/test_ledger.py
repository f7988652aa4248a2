"""The ledger takes whole postings once, and nothing in it can be changed, by anybody."""

from __future__ import annotations

from uuid import uuid4

import pytest
from records import NOON
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cube_demper.db.session import Database
from cube_demper.domain.billing import ledger
from cube_demper.domain.billing.ledger import Line, Posting
from cube_demper.models.ledger import Account

USER = uuid4()


def gift(amount: int, key: str = "gift:1") -> Posting:
    return Posting(
        key,
        "gift",
        [
            Line(Account.REFERRAL_COST, amount),
            Line(Account.CUSTOMER, -amount, user_id=USER),
        ],
    )


async def test_an_event_is_booked_once(db: Database) -> None:
    async with db.write() as tx:
        assert await ledger.post(tx, gift(500), NOON)
        assert not await ledger.post(tx, gift(500), NOON)
        assert await ledger.post(tx, gift(70, "gift:2"), NOON)
    async with db.read() as tx:
        assert await ledger.owed_to_user(tx, USER) == 570
        assert sum((await ledger.totals(tx)).values()) == 0


async def test_a_posting_that_is_not_zero_is_refused(db: Database) -> None:
    lines = [Line(Account.BANK, 100), Line(Account.REVENUE, -99)]
    with pytest.raises(ValueError, match="zero"):
        async with db.write() as tx:
            await ledger.post(tx, Posting("x", "x", lines), NOON)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_entries SET amount = amount + 1",
        "DELETE FROM ledger_entries",
        (
            "INSERT INTO ledger_entries (posting_id, line, account, amount, reason, at)"
            " SELECT posting_id, 9, 'bank', 1, 'x', at FROM ledger_entries LIMIT 1"
        ),
        (
            "INSERT INTO ledger_entries (posting_id, line, account, amount, reason, at)"
            " VALUES (gen_random_uuid(), 0, 'bank', 1, 'x', now())"
        ),
    ],
)
async def test_the_database_itself_refuses_what_would_unbalance_it(
    db: Database, change: str
) -> None:
    async with db.write() as tx:
        await ledger.post(tx, gift(500), NOON)
    with pytest.raises(DBAPIError):
        async with db.write() as tx:
            await tx.execute(text(change))
    async with db.read() as tx:
        assert await ledger.owed_to_user(tx, USER) == 500
