"""`/api/admin/…`: files for a signed-in admin: the audit as a table, a person's data as an archive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from cube_demper import bootstrap
from cube_demper.api.requests import visitor_of
from cube_demper.api.sheets import Sheet, SheetKind, answer
from cube_demper.core.cookies import find_cookie, session_cookie
from cube_demper.core.errors import PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts import proofs
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import Actor, Role, SignedIn
from cube_demper.domain.audit import reading
from cube_demper.domain.audit.reading import AuditFilter, Record
from cube_demper.domain.exports import service as exports

_AUDIT = Sheet(
    "Журнал",
    "audit",
    (
        "Когда",
        "Кто",
        "Роль",
        "Под кем",
        "Действие",
        "Над чем",
        "Номер",
        "Чьи данные",
        "Было",
        "Стало",
        "Ещё",
        "IP",
    ),
    (22, 28, 10, 28, 28, 18, 38, 28, 40, 40, 40, 18),
)


async def signed_in_admin(request: Request) -> SignedIn:
    """Return the admin of the session cookie. Raises PermissionDenied for anybody else."""
    services = bootstrap.web()
    name = session_cookie(services.settings, CubeApp.ADMIN)
    token = find_cookie(request.headers.get("cookie", ""), name)
    async with services.db.read() as tx:
        now = services.clock.now()
        signed = await accounts.find_signed_in(tx, token, CubeApp.ADMIN, now)
    if signed is None or signed.actor.role is not Role.ADMIN:
        raise PermissionDenied("Войдите заново и повторите.")
    ip = visitor_of(request.scope, services.settings).ip
    return replace(signed, actor=replace(signed.actor, ip=ip))


async def _asked(request: Request) -> AuditFilter:
    given = request.query_params
    return reading.read_filter({name: given[name] for name in given})


Admin = Annotated[SignedIn, Depends(signed_in_admin)]


def admin_file_routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/admin")

    @router.get("/audit")
    async def audit(
        admin: Admin, asked: Annotated[AuditFilter, Depends(_asked)], kind: SheetKind = "csv"
    ) -> StreamingResponse:
        return answer(_AUDIT, kind, lambda tx: _records(tx, admin.actor, asked))

    @router.get("/users/{user_id}/archive")
    async def archive(user_id: UUID, admin: Admin) -> Response:
        services = bootstrap.web()
        now = services.clock.now()
        if not proofs.is_proven(admin, now):
            raise PermissionDenied("Сначала подтвердите пароль на странице пользователя.")
        async with services.db.write() as tx:
            content = await exports.archive_for_admin(
                tx, admin.actor, services.secrets, user_id, now
            )
        return _zip(content, user_id, now)

    return router


def _zip(content: bytes, user_id: UUID, now: datetime) -> Response:
    name = f"cube-demper-{user_id}-{now:%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/zip", headers=headers)


async def _records(
    tx: ReadTx, actor: Actor, asked: AuditFilter
) -> AsyncIterator[Sequence[tuple[object, ...]]]:
    async for part in reading.stream(tx, actor, asked):
        yield [_row(it) for it in part]


def _row(it: Record) -> tuple[object, ...]:
    entry = it.entry
    return (
        entry.created_at.isoformat(),
        it.who or entry.actor_role,
        entry.actor_role,
        it.behind,
        entry.action,
        entry.entity,
        entry.entity_id,
        it.owner,
        *(
            orjson.dumps(part).decode() if part else ""
            for part in (entry.before, entry.after, entry.details)
        ),
        entry.ip,
    )
