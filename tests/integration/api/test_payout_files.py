"""The routes of payout reports: who may send one, and who may take its differences away."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from uuid import UUID

from payout_scene import Sheet, order, sale_of
from records import add_store, seller
from sqlmodel import select
from web_stage import OURS, Site

from cube_demper.domain.economics.payouts import work
from cube_demper.integrations.spreadsheets.reader import payout_lines
from cube_demper.models.accounts import User
from cube_demper.models.payouts import PayoutReport

PLACE = "/api/payouts/reports"
OUR_PAGE = {"Origin": OURS, "X-File-Name": "..%2Fa.csv"}
CONTENT = Sheet((sale_of(order(1, 500_000)),)).csv()


async def _sign_in(site: Site, email: str) -> tuple[User, UUID]:
    user_id = await site.scene.add(email)
    await site.open(await site.scene.code(email))
    async with site.scene.db.write() as tx:
        user = await tx.get_one(User, user_id)
        return user, (await add_store(tx, user)).id


async def test_a_report_needs_a_session_our_page_and_a_store_of_ones_own(site: Site) -> None:
    other = await site.scene.add("b@example.kz")
    async with site.scene.db.write() as tx:
        foreign = (await add_store(tx, await tx.get_one(User, other))).id
    assert (await site.client.post(f"{PLACE}?store={foreign}", content=b"x")).is_error
    _, own = await _sign_in(site, "a@example.kz")
    assert (await site.client.post(f"{PLACE}?store={own}", content=b"x")).is_error
    for store in (foreign, "nonsense", ""):
        answer = await site.client.post(f"{PLACE}?store={store}", content=CONTENT, headers=OUR_PAGE)
        assert answer.status_code == 400
    async with site.scene.db.read() as tx:
        assert (await tx.scalars(select(PayoutReport))).all() == []


async def test_a_report_goes_in_and_its_differences_come_out(site: Site) -> None:
    user, store = await _sign_in(site, "a@example.kz")
    answer = await site.client.post(f"{PLACE}?store={store}", content=CONTENT, headers=OUR_PAGE)
    assert answer.status_code == 201
    report_id = UUID(answer.json()["id"])
    now = datetime.now(UTC)
    await work.run(site.scene.db, seller(user), report_id, payout_lines, now)
    saved = await site.client.get(f"{PLACE}/{report_id}/export")
    (head, row) = [cells for _, cells in payout_lines(io.BytesIO(saved.content)).lines]
    assert head[:3] == ["Строка", "Заказ", "Различие"]
    assert row[:3] == ["5", "800000001", "Нет такого заказа"]
    assert saved.headers["cache-control"] == "no-store"
    await _sign_in(site, "c@example.kz")
    assert (await site.client.get(f"{PLACE}/{report_id}/export")).is_error
