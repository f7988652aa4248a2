"""Admins, their second factor and their sessions, for tests of what they do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from accounts_scene import HOME, PASSWORD, Scene
from sqlalchemy import select
from sqlmodel import col

from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import Database
from cube_demper.domain.accounts import codes, second_factor, visits
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import NOBODY, Actor, Role
from cube_demper.domain.accounts.second_factor import Guard
from cube_demper.domain.accounts.signing_in import Proven
from cube_demper.models.operations import AuditEntry

BOX = SecretBox(["a key of our own"])


async def add_admin(scene: Scene, email: str = "boss@example.kz") -> Actor:
    """Make an admin who comes from 10.0.0.1."""
    user_id = await scene.add(email, role=Role.ADMIN)
    return Actor(Role.ADMIN, user_id, email, ip=HOME.ip)


def guard_of(scene: Scene) -> Guard:
    return Guard(BOX, scene.attempts, HOME, scene.clock.now())


async def prove(
    scene: Scene, email: str, *, app: CubeApp = CubeApp.ADMIN, is_strict: bool = False
) -> Proven:
    """Show the right password."""
    async with scene.db.write() as tx:
        return await accounts.sign_in(
            tx,
            NOBODY,
            email=email,
            password=PASSWORD,
            app=app,
            visitor=HOME,
            attempts=scene.attempts,
            now=scene.clock.now(),
            is_strict=is_strict,
        )


async def enrol(scene: Scene, actor: Actor) -> tuple[str, list[str]]:
    """Switch a second factor on by the code of now; return its secret and recovery codes."""
    async with scene.db.write() as tx:
        made = await second_factor.begin(tx, actor, BOX)
        code = codes.code_at(made.secret, codes.step_at(scene.clock.now()))
        return made.secret, await second_factor.confirm(tx, actor, code, guard_of(scene))


async def visit(scene: Scene, admin: Actor, user_id: UUID) -> str:
    """Go in as a seller; return the session's token."""
    async with scene.db.write() as tx:
        code = await visits.begin(tx, admin, user_id, "обращение 14", scene.clock.now())
    return await scene.open(code)


async def visitor_of(scene: Scene, token: str) -> Actor:
    """Return whom a visit acts as."""
    signed = await scene.who(token)
    assert signed is not None
    return replace(signed.actor, ip=HOME.ip)


async def entries(db: Database, action: str | None = None) -> list[AuditEntry]:
    """Return the audit, oldest first."""
    query = select(AuditEntry).order_by(col(AuditEntry.created_at), col(AuditEntry.id))
    async with db.read() as tx:
        found = list((await tx.scalars(query)).all())
    return [it for it in found if action in (None, it.action)]


async def is_signed_in(scene: Scene, token: str, app: CubeApp, now: datetime) -> bool:
    async with scene.db.read() as tx:
        return await accounts.find_signed_in(tx, token, app, now) is not None
