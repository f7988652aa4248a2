"""Reading the ZIP of waybills that the cabinet gives; whatever is too large or strange is left out."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

from cube_demper.core.errors import ContractChanged

_NAME: Final = re.compile(r"(?:.*/)?KASPI_SHOP-(\w{1,40})\.pdf", re.IGNORECASE)
_MOST_BYTES: Final = 10_000_000
_MOST_FILES: Final = 5_000
_MOST_TOGETHER: Final = 300_000_000


def waybills_in(content: bytes) -> dict[str, bytes]:
    """Return the PDFs by the numbers of their orders (KASPI.md §2.5). Raises ContractChanged."""
    found: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist()[:_MOST_FILES]:
                name = _NAME.fullmatch(entry.filename)
                if name is None or entry.file_size > _MOST_BYTES:
                    continue
                total += entry.file_size
                if total > _MOST_TOGETHER:
                    break
                found[name[1]] = archive.read(entry)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise ContractChanged("Kaspi прислал накладные в нечитаемом архиве") from error
    return found
