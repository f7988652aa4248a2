"""Every API route of every app with every role and nobody: what is closed opens to its own people alone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from redis.asyncio import Redis
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Router

from cube_demper import bootstrap
from cube_demper.api.app import build_api
from cube_demper.core.clock import SystemClock
from cube_demper.core.crypto import SecretBox
from cube_demper.core.ids import new_token, token_hash
from cube_demper.core.settings import CubeApp, Settings
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Role
from cube_demper.models.accounts import User, UserSession
from cube_demper.models.partners import Partner
from cube_demper.up.apps import APPS

PUBLIC = {
    "/api/health",
    "/api/session",  # demands a one-time code, or a cookie to end
    "/offer",
    "/privacy",
    "/r/{code}",
    "/p/{code}",
    "/partner/login",
}
"""Whoever comes may: they say nothing of anybody."""
BY_SECRET = {
    "/feed/{name}": "the address of a price list is itself the secret",
    "/c/{token}": "whoever has the link of a calculation that its seller shared",
    "/webhooks/waha": "signed by WAHA",
    "/webhooks/tiptoppay/{kind}": "signed by TipTopPay",
}
"""Programs come there, or people with a secret in hand; that they need it their own tests say."""
OWN: dict[CubeApp, Role | None] = {
    CubeApp.SELLER: Role.USER,
    CubeApp.ADMIN: Role.ADMIN,
    CubeApp.PARTNER: Role.PARTNER,
}
_REFUSED = {400, 401, 403, 404, 422}


class Door:
    """A route of an app."""

    def __init__(self, app: CubeApp, path: str, method: str, prefix: str = "") -> None:
        self.app, self.pattern, self.method = app, prefix + path, method
        self.path = re.sub(r"\{(\w+)(:\w+)?\}", lambda it: _stand_in(it[1]), self.pattern)

    def __str__(self) -> str:
        return f"{self.app} {self.method} {self.pattern}"


def _stand_in(name: str) -> str:
    return str(uuid4()) if name.endswith("_id") or name == "id" else "x"


def _doors() -> Iterator[Door]:
    for app in APPS:
        yield from _routes_of(app, build_api(app, Router()).routes)


def _routes_of(app: CubeApp, routes: Any, prefix: str = "") -> Iterator[Door]:
    for route in routes:
        if included := getattr(route, "original_router", None):  # how FastAPI keeps include_router
            yield from _routes_of(app, included.routes, prefix)
        elif isinstance(route, APIRoute):
            for method in sorted(route.methods - {"HEAD", "OPTIONS"}):
                yield Door(app, route.path, method, prefix)
        elif isinstance(route, Mount) and isinstance(route.app, FastAPI):
            yield from _routes_of(app, route.app.routes, prefix + route.path)


_DOORS = list(_doors())
_CLOSED = [it for it in _DOORS if it.pattern not in PUBLIC and it.pattern not in BY_SECRET]


def test_the_walk_finds_the_doors_of_every_app() -> None:
    assert {it.app for it in _DOORS} == set(APPS)
    assert (PUBLIC | set(BY_SECRET)) <= {it.pattern for it in _DOORS}
    assert len(_CLOSED) > 20
    assert {"/admin/users/{user_id}/block", "/api/admin/audit", "/api/export"} <= {
        it.pattern for it in _CLOSED
    }


@pytest.fixture
async def tokens(db: Database) -> dict[tuple[CubeApp, Role], str]:
    """Sessions of every role in every app, whether the app lets them in or not."""
    made = {}
    async with db.write() as tx:
        partner = Partner(email="p@example.kz", password_hash="-", code="p1")
        tx.add(partner)
        people = {
            role: User(
                email=f"{role}@example.kz",
                password_hash="-",
                role=role,
                referral_code=uuid4().hex[:8],
                email_confirmed_at=SystemClock().now(),
            )
            for role in (Role.USER, Role.SUPPORT, Role.ADMIN)
        }
        tx.add_all(people.values())
        await tx.flush()
        for app in CubeApp:
            for role in (*people, Role.PARTNER):
                token = made[app, role] = new_token()
                whose: Any = (
                    {"partner_id": partner.id}
                    if role is Role.PARTNER
                    else {"user_id": people[role].id}
                )
                tx.add(
                    UserSession(
                        token_hash=token_hash(token),
                        app=app,
                        expires_at=SystemClock().now() + timedelta(hours=1),
                        **whose,
                    )
                )
    return made


@pytest.fixture
async def clients(
    db: Database, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[dict[CubeApp, httpx.AsyncClient]]:
    settings = Settings()
    services = bootstrap.Services(settings, SystemClock(), SecretBox(settings.keys), db, redis)
    monkeypatch.setattr(bootstrap, "web", lambda: services)
    made = {
        app: httpx.AsyncClient(
            transport=httpx.ASGITransport(build_api(app, PlainTextResponse("page"))),
            base_url=f"http://{app}.test",
        )
        for app in APPS
    }
    yield made
    for client in made.values():
        await client.aclose()


async def test_no_door_opens_to_nobody_or_to_a_stranger(
    clients: dict[CubeApp, httpx.AsyncClient], tokens: dict[tuple[CubeApp, Role], str]
) -> None:
    opened = []
    for door in _CLOSED:
        for role in (None, Role.USER, Role.SUPPORT, Role.ADMIN, Role.PARTNER):
            if (
                role is not None
                and role is OWN.get(door.app)
                and not door.pattern.startswith("/admin/")
            ):
                continue
            headers = {"Origin": f"http://{door.app}.test"}
            if role is not None:  # the same token under the name of each app's cookie
                token = tokens[door.app, role]
                headers["Cookie"] = "; ".join(f"cube_{app}={token}" for app in CubeApp)
            answer = await clients[door.app].request(door.method, door.path, headers=headers)
            if answer.status_code not in _REFUSED:
                opened.append((str(door), role, answer.status_code))
    assert not opened
