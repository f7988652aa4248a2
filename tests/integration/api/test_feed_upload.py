"""Uploading a price list: for signed-in sellers, under a cap, refused in words."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from records import add_user
from sqlalchemy import select
from web_stage import OURS, Site

from cube_demper.api import feed_upload
from cube_demper.core.ids import new_token, token_hash
from cube_demper.core.settings import CubeApp
from cube_demper.models.accounts import UserSession
from cube_demper.models.feed import FeedImport

CSV = b"SKU,model,price,PP1\nA1,Kettle,12990,yes\n"


async def _sign_in(site: Site) -> str:
    token, now = new_token(), site.scene.clock.now()
    async with site.scene.db.write() as tx:
        user = await add_user(tx)
        tx.add(
            UserSession(
                token_hash=token_hash(token),
                app=CubeApp.SELLER,
                user_id=user.id,
                expires_at=now + timedelta(hours=1),
            )
        )
    return f"cube_seller={token}"


async def _upload(site: Site, body: bytes, cookie: str = "", origin: str = OURS) -> httpx.Response:
    headers = {"Cookie": cookie, "Origin": origin, "X-File-Name": "%D0%BF.csv"}
    return await site.client.post("/api/feed/list", content=body, headers=headers)


async def _kept(site: Site) -> list[FeedImport]:
    async with site.scene.db.read() as tx:
        return list((await tx.scalars(select(FeedImport))).all())


async def test_a_sellers_list_is_kept_until_they_agree(site: Site) -> None:
    answer = await _upload(site, CSV, await _sign_in(site))
    assert answer.status_code == 201
    (row,) = await _kept(site)
    assert answer.json() == {"id": str(row.id)}
    assert (row.file_name, row.total, row.status) == ("п.csv", 1, "ready")


async def test_nobody_else_uploads(site: Site) -> None:
    assert (await _upload(site, CSV)).status_code == 400
    assert (await _upload(site, CSV, "cube_seller=guess")).status_code == 400
    cookie = await _sign_in(site)
    assert (await _upload(site, CSV, cookie, "https://evil.example")).status_code == 403
    assert await _kept(site) == []


async def test_a_file_over_the_cap_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_upload, "MOST_BYTES", 10)
    answer = await _upload(site, CSV, await _sign_in(site))
    assert answer.status_code == 400
    assert "больше" in answer.json()["message"]
    assert await _kept(site) == []
