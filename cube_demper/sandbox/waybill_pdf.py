"""Waybills as the sandbox draws them: A4, the label in the top-left quarter (KASPI.md §2.5)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from random import Random

_WIDTH, _HEIGHT = 595, 842


def waybill(code: str, spaces: int) -> bytes:
    """Return a PDF with one page a place."""
    pages = [_page(code, place, spaces) for place in range(1, spaces + 1)]
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
    ]
    font = "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>>>>>"
    for number, content in enumerate(pages):
        box = f"/MediaBox[0 0 {_WIDTH} {_HEIGHT}]/Resources{font}"
        objects += [
            f"<</Type/Page/Parent 2 0 R{box}/Contents {4 + 2 * number} 0 R>>".encode(),
            f"<</Length {len(content)}>>stream\n".encode() + content + b"\nendstream",
        ]
    return _file(objects)


def bundle(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the ZIP that the cabinet gives: `KASPI_SHOP-{code}.pdf` for each order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for code, content in files:
            archive.writestr(f"KASPI_SHOP-{code}.pdf", content)
    return buffer.getvalue()


def _page(code: str, place: int, spaces: int) -> bytes:
    draw = Random(f"{code}/{place}")
    bars, x = [], 24
    while x < 270:
        width = draw.choice((1, 1, 2, 3))
        bars.append(f"{x} 660 {width} 70 re f")
        x += width + draw.choice((2, 3, 4))
    lines = (
        f"BT /F 22 Tf 24 790 Td (KASPI SHOP) Tj ET BT /F 14 Tf 24 760 Td (Order {code}) Tj ET",
        f"BT /F 12 Tf 24 640 Td (Place {place} of {spaces}) Tj ET",
        "BT /F 10 Tf 24 615 Td (This side up) Tj ET",
        "1 w 12 436 276 394 re S",
    )
    return "\n".join((*bars, *lines)).encode()


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj".encode() + body + b"endobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)
