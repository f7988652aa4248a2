"""Writing the archive: tables as CSV that Excel opens, the profile as JSON."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

import orjson
from sqlalchemy import text

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import ReadTx
from cube_demper.domain.exports.limits import MOST_ROWS
from cube_demper.domain.exports.tables import FILES, PROFILE, SEALED

_ROWS = 2_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def write_archive(tx: ReadTx, secrets: SecretBox, owner_id: UUID, now: datetime) -> bytes:
    """Return the zip of everything that is a seller's; rows pass through, only the zip is whole."""
    with tempfile.TemporaryFile() as packed:
        await _write(packed, tx, secrets, owner_id, now=now)
        packed.seek(0)
        return packed.read()


async def _write(
    packed: IO[bytes], tx: ReadTx, secrets: SecretBox, owner_id: UUID, *, now: datetime
) -> None:
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        profile = (await tx.execute(text(PROFILE), {"owner": owner_id})).mappings().one()
        about = {
            "составлен": now.isoformat(),
            "профиль": dict(profile),
            "строк_в_файле_не_больше": MOST_ROWS,
        }
        archive.writestr("профиль.json", orjson.dumps(about, option=orjson.OPT_INDENT_2))
        for name, statement in FILES.items():
            with archive.open(name, "w") as raw:
                raw.write(b"\xef\xbb\xbf")  # or Excel takes it for another encoding
                async for part in _csv(tx, secrets, statement, owner_id):
                    raw.write(part)


async def _csv(
    tx: ReadTx, secrets: SecretBox, statement: str, owner_id: UUID
) -> AsyncIterator[bytes]:
    result = await tx.stream(text(statement), {"owner": owner_id})
    names = tuple(result.keys())
    sealed = {place for place, name in enumerate(names) if name in SEALED}
    yield _lines([names])
    async for rows in result.partitions(_ROWS):
        yield _lines(
            [
                tuple(
                    _cell(secrets.decrypt(value) if place in sealed and value else value)
                    for place, value in enumerate(row)
                )
                for row in rows
            ]
        )


def _lines(rows: Sequence[Sequence[object]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode()


def _cell(value: Any) -> object:
    """Return a value as a cell; a text that a table program would run as a formula is quoted."""
    if isinstance(value, bool):
        return "да" if value else "нет"
    match value:
        case Decimal():
            return f"{value:.2f}".removesuffix(".00")
        case datetime() | date():
            return value.isoformat()
        case dict() | list():
            return orjson.dumps(value).decode()
        case str() if value.startswith(_FORMULA):
            return f"'{value}"
    return "" if value is None else value
