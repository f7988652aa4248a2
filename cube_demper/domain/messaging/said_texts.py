"""What was said to whom, kept as hashes: made anew when the first key of SECRET_KEYS changes."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import ConfigurationError, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.messaging import said_queries as queries
from cube_demper.domain.messaging.enclosures import enclosure_of, sameness

_ROWS: Final = 500


async def mark_anew(db: Database, actor: Actor, secrets: SecretBox) -> int:
    """Put hashes of older keys under the first one; return how many. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    after: UUID | None = None
    count = 0
    while True:
        async with db.read() as tx:
            rows = await queries.rows_after(tx, after, _ROWS)
        if not rows:
            return count
        async with db.write() as tx:
            for row in rows:
                try:
                    body = secrets.decrypt(row.body)
                except ConfigurationError:
                    continue  # told of with the messages themselves
                text = sameness(body, enclosure_of(row.media))
                fresh = secrets.fingerprint(text)
                if fresh != row.text_hash:
                    count += await queries.put(tx, row, fresh)
        after = rows[-1].id
