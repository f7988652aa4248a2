"""Which files may go with a message: by their content, never by their name.

Pictures are decoded and drawn anew, so whatever else lay in the file is gone (EXIF with places, scripts,
a second file behind the first). A PDF is kept as it is: it must be one from its first byte to its last,
open without a password and do nothing by itself.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from cube_demper.domain.support.errors import WrongFile

MOST_BYTES: Final = 10 * 1024 * 1024
ACCEPTED: Final = "image/jpeg,image/png,image/webp,image/gif,application/pdf"
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_PIXELS: Final = 40_000_000
_LONGEST_SIDE: Final = 20_000
_MOST_OBJECTS: Final = 50_000
_LONGEST_NAME: Final = 100
_ENDINGS: Final = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "application/pdf": ("pdf",),
}
_ACTIONS: Final = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToE", "/RichMedia"}
)
_WRONG: Final = "Отправить можно картинку (JPG, PNG, WEBP, GIF) или PDF. Это что-то другое."
_DAMAGED: Final = "Файл повреждён, открыть его не получилось. Сохраните его заново и повторите."


@dataclass(frozen=True, slots=True)
class Checked:
    """A file as it is kept. `name` ends as its type does."""

    name: str
    mimetype: str
    content: bytes
    width: int | None = None
    height: int | None = None


def check_file(name: str, content: bytes) -> Checked:
    """Return what is kept of a file. Takes up to seconds: not for an event loop. Raises WrongFile."""
    if not content:
        raise WrongFile("Файл пуст.")
    if len(content) > MOST_BYTES:
        raise WrongFile(f"Файл больше {MOST_BYTES >> 20} МБ. Уменьшите его и попробуйте ещё раз.")
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return Checked(_named(name, "application/pdf"), "application/pdf", content)
    return _redrawn(name, content)


def _redrawn(name: str, content: bytes) -> Checked:
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            # A phone's huge photo is decoded smaller at once; other formats ignore this.
            image.draft("RGB", (4096, 4096))
            _check_size(image)
            is_photo = image.format == "JPEG"
            return _saved(name, ImageOps.exif_transpose(image), is_photo=is_photo)
    except WrongFile:
        raise
    except UnidentifiedImageError:
        raise WrongFile(_WRONG) from None
    except Exception as error:  # decoders raise whatever a hostile file leads them to
        raise WrongFile(_DAMAGED) from error


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > _MOST_PIXELS or max(image.size) > _LONGEST_SIDE:
        raise WrongFile("У картинки слишком много точек. Уменьшите её и повторите.")


def _saved(name: str, image: Image.Image, *, is_photo: bool) -> Checked:
    if not is_photo:
        has_alpha = "A" in image.getbands() or "transparency" in image.info
        kept = _encoded(image.convert("RGBA" if has_alpha else "RGB"), "PNG", optimize=False)
        if len(kept) <= MOST_BYTES:
            return Checked(_named(name, "image/png"), "image/png", kept, *image.size)
    kept = _encoded(_on_white(image), "JPEG", quality=88)
    if len(kept) > MOST_BYTES:
        raise WrongFile("Картинка слишком велика. Уменьшите её и повторите.")
    return Checked(_named(name, "image/jpeg"), "image/jpeg", kept, *image.size)


def _on_white(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands():
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image.convert("RGBA"), mask=image.convert("RGBA").getchannel("A"))
    return ground


def _encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    clean = Image.new(image.mode, image.size)
    clean.paste(image)  # without what the old one knew beside its points
    body = io.BytesIO()
    clean.save(body, kind, **options)
    return body.getvalue()


def _check_pdf(content: bytes) -> None:
    """Raise WrongFile unless it is one PDF, whole, open, and without anything that acts."""
    tail = content[-2048:]
    end = tail.rfind(b"%%EOF")
    if end < 0 or tail[end + 5 :].strip(b"\r\n\t \x00"):
        raise WrongFile(_DAMAGED)
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise WrongFile(_WRONG)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        _check_whole(reader)
        _check_objects(reader)
    except WrongFile:
        raise
    except Exception as error:  # the reader raises whatever a hostile file leads it to
        raise WrongFile(_DAMAGED) from error


def _check_whole(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise WrongFile("PDF защищён паролем. Снимите защиту и отправьте его снова.")
    if not len(reader.pages):
        raise WrongFile(_DAMAGED)


def _check_objects(reader: PdfReader) -> None:
    numbers = {number for table in reader.xref.values() for number in table}
    numbers |= set(reader.xref_objStm)
    if len(numbers) > _MOST_OBJECTS:
        raise WrongFile("PDF слишком сложный. Сохраните его проще или пришлите картинкой.")
    for number in numbers:
        if _acts(reader.get_object(number)):
            raise WrongFile(
                "В этом PDF есть сценарии или вложенные файлы, такие мы не принимаем. "
                "Распечатайте его в новый PDF и отправьте тот."
            )


def _acts(thing: object, depth: int = 0) -> bool:
    if depth > 20:
        return True
    if isinstance(thing, DictionaryObject):
        if "/JS" in thing or "/EF" in thing or dict.get(thing, "/S") in _ACTIONS:
            return True
        return any(_acts(value, depth + 1) for value in dict.values(thing))
    if isinstance(thing, ArrayObject):
        return any(_acts(value, depth + 1) for value in list.__iter__(thing))
    return False


def _named(name: str, mimetype: str) -> str:
    """Return a name without folders and unseen signs that ends as the file's type does."""
    visible = "".join(it for it in name if unicodedata.category(it)[0] != "C")
    clean = " ".join(re.split(r"[\\/]", visible)[-1].split()).strip(". ") or "файл"
    stem, _, ending = clean.rpartition(".")
    if stem and ending.lower() in _ENDINGS[mimetype]:
        return f"{stem[: _LONGEST_NAME - 5]}.{ending.lower()}"
    if stem and ending.lower() in ("webp", "gif", "png", "jpg", "jpeg", "pdf"):
        clean = stem
    return f"{clean[: _LONGEST_NAME - 5]}.{_ENDINGS[mimetype][0]}"
