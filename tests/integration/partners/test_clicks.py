"""A click is written down on the server; what is no person's visit says why it does not count."""

from __future__ import annotations

from datetime import timedelta

import pytest
from partner_scene import PASSWORD, PHONE, Programme, add_partner
from records import NOON
from sqlmodel import select

from cube_demper.core.settings import CubeApp
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Visitor
from cube_demper.domain.partners import clicks, door, links, people, terms
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.models.partner_program import PartnerClick, Touch

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def test_a_click_counts_and_leaves_a_cookie(programme: Programme) -> None:
    """ORIGINAL 67: nothing incremented partner clicks, so the cabinet showed 0."""
    cookie = await programme.click()
    assert cookie
    assert cookie.startswith(f"{programme.link_code}.")
    assert await programme.verdicts() == ["counted"]


async def test_an_address_is_kept_only_as_a_keyed_hash(programme: Programme) -> None:
    await programme.click(ip="10.1.0.77")
    async with programme.db.read() as tx:
        row = (await tx.scalars(select(PartnerClick))).one()
    assert b"10.1.0.77" not in row.visitor_hash
    assert "10.1.0.77" not in str(row.model_dump())


@pytest.mark.parametrize(
    ("agent", "verdict"),
    [
        ("WhatsApp/2.24.20.79 A", "preview"),
        ("TelegramBot (like TwitterBot)", "preview"),
        ("facebookexternalhit/1.1", "preview"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", "bot"),
        ("curl/8.5.0", "bot"),
        ("", "bot"),
        ("Mozilla/5.0 (iPhone) Instagram 300.0.0.0 Mobile/15E148", "counted"),
    ],
)
async def test_previews_and_programs_are_told_from_people(
    programme: Programme, agent: str, verdict: str
) -> None:
    cookie = await programme.click(agent=agent)
    assert await programme.verdicts() == [verdict]
    assert (cookie is not None) == (verdict == "counted")


async def test_a_page_fetched_ahead_is_no_visit(programme: Programme) -> None:
    assert await programme.click(**{"sec-purpose": "prefetch;prerender"}) is None
    assert await programme.click(method="HEAD", ip="10.1.0.2") is None
    assert await programme.verdicts() == ["prefetch", "prefetch"]


async def test_a_visitor_who_comes_again_soon_is_one_visit_and_few_rows(
    programme: Programme,
) -> None:
    for second in range(20):
        assert await programme.click(NOON + timedelta(seconds=second))
    verdicts = await programme.verdicts()
    assert verdicts[0] == "counted"
    assert len(verdicts) == 6
    await programme.click(NOON + 31 * MINUTE)
    assert (await programme.verdicts())[-1] == "counted"


async def test_the_partners_own_browser_does_not_count(
    programme: Programme, db: Database, redis: object
) -> None:
    visitor = Visitor("10.9.0.1", PHONE)
    async with db.write() as tx:
        code = await door.sign_in(
            tx,
            NOBODY,
            email=programme.email,
            password=PASSWORD,
            visitor=visitor,
            attempts=RedisAttempts(redis),  # type: ignore[arg-type]
            now=NOON,
        )
        await door.open_session(tx, NOBODY, code, app=CubeApp.PARTNER, visitor=visitor, now=NOON)
    assert await programme.click(NOON + MINUTE, ip="10.9.0.1") is None
    # A neighbour behind the same address with another browser is a person of their own.
    assert await programme.click(
        NOON + MINUTE, ip="10.9.0.1", agent="Mozilla/5.0 (X11) Firefox/140"
    )
    assert await programme.verdicts() == ["own", "counted"]


async def test_the_first_link_keeps_its_right_unless_the_last_one_is_said_to_count(
    programme: Programme, db: Database
) -> None:
    other = await add_partner(db, "other@example.kz")
    first = await programme.click() or ""
    assert await other.click(NOON + DAY, cookie=first) is None
    # After ninety days the first one is forgotten.
    assert await other.click(NOON + 91 * DAY, cookie=first)
    async with db.write() as tx:
        await terms.change_terms(tx, SYSTEM, NOON + 2 * DAY, touch=Touch.LAST)
    newer = await other.click(NOON + 3 * DAY, cookie=first)
    assert newer
    assert newer.startswith(other.link_code)


async def test_a_dead_link_leads_on_and_leaves_no_trace(programme: Programme, db: Database) -> None:
    async with db.write() as tx:
        await links.set_archived(tx, programme.actor, programme.link_id, is_archived=True, now=NOON)
    assert await programme.click() is None
    async with db.write() as tx:
        await links.set_archived(
            tx, programme.actor, programme.link_id, is_archived=False, now=NOON
        )
        await people.set_blocked(tx, SYSTEM, programme.email, is_blocked=True, now=NOON)
    assert await programme.click() is None
    assert await programme.verdicts() == []


async def test_old_clicks_are_forgotten(programme: Programme, db: Database) -> None:
    await programme.click()
    await programme.click(NOON + 399 * DAY)
    async with db.write() as tx:
        await clicks.forget_old(tx, SYSTEM, NOON + 401 * DAY)
    assert len(await programme.verdicts()) == 1
