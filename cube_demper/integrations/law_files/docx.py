"""Paragraphs of a DOCX, table cells included, in the order of the file."""

from __future__ import annotations

from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from cube_demper.domain.lawyer.errors import UnreadableLaw
from cube_demper.integrations.law_files.text import Text

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_XML_BYTES: Final = 256 << 20
_BROKEN: Final = "это не DOCX или файл повреждён. Старый .doc сохраните как .docx."


def read(content: bytes) -> Text:
    """Read the main document. Raises UnreadableLaw."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > _MOST_XML_BYTES:
                raise UnreadableLaw("внутри слишком много текста.")
            root: Element = fromstring(archive.read(part))
    except (BadZipFile, KeyError, ParseError, DefusedXmlException, RuntimeError) as error:
        raise UnreadableLaw(_BROKEN) from error
    return Text(tuple(line for it in root.iter(f"{_W}p") for line in _text(it).split("\n")))


def _text(paragraph: Element) -> str:
    pieces = []
    for it in paragraph.iter():
        if it.tag == f"{_W}t":
            pieces.append(it.text or "")
        elif it.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
        elif it.tag == f"{_W}tab":
            pieces.append(" ")
    return "".join(pieces)
