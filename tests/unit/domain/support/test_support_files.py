"""A file by its content: pictures are drawn anew, a PDF is whole and does nothing, all else is refused."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from cube_demper.domain.support.errors import WrongFile
from cube_demper.domain.support.file_types import MOST_BYTES, check_file


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    body = io.BytesIO()
    mode = "RGBA" if kind in ("PNG", "WEBP") else "RGB"
    Image.new(mode, size, (200, 30, 30)).save(body, kind, **options)
    return body.getvalue()


def paper() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    return bytes(pdf.output())


def _act(writer: PdfWriter) -> None:
    """Let the paper run a script when it is opened."""
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)


def archive() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as file:
        file.writestr("evil.js", "alert(1)")
    return body.getvalue()


@pytest.mark.parametrize(
    ("kind", "name", "kept_as", "mimetype"),
    [
        ("PNG", "снимок.png", "снимок.png", "image/png"),
        ("JPEG", "C:\\фото\\a.jpeg", "a.jpeg", "image/jpeg"),
        ("WEBP", "x.webp", "x.png", "image/png"),
        ("GIF", "x.gif", "x.png", "image/png"),
        ("PNG", "отчёт.pdf", "отчёт.png", "image/png"),
        ("PNG", "evil.php", "evil.php.png", "image/png"),
        ("PNG", "../../\u202egnp.exe", "gnp.exe.png", "image/png"),
        ("PNG", "", "файл.png", "image/png"),
    ],
)
def test_a_picture_is_what_it_is_whatever_it_is_called(
    kind: str, name: str, kept_as: str, mimetype: str
) -> None:
    found = check_file(name, picture(kind))
    assert (found.name, found.mimetype) == (kept_as, mimetype)
    assert (found.width, found.height) == (40, 30)
    assert Image.open(io.BytesIO(found.content)).size == (40, 30)


def test_a_place_in_exif_and_a_second_file_behind_the_picture_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    exif[0x0112] = 6  # turned: the picture is kept upright
    given = picture("JPEG", exif=exif) + archive() + b"<script>alert(1)</script>"
    found = check_file("a.jpg", given)
    assert b"secret place" not in found.content
    assert b"script" not in found.content
    assert not zipfile.is_zipfile(io.BytesIO(found.content))
    assert (found.width, found.height) == (30, 40)


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        b"GIF89a/*<script>*/=1;alert(1)",
        b"MZ\x90\x00",
        b"\xff\xd8\xff\xe0 no picture",
        picture()[:60],
        archive(),
        b"%PDF-1.7 nothing",
        b"<!-- %PDF-1.4 -->" + paper(),
        paper() + b"<script>alert(1)</script>",
        paper() + archive(),
        paper()[:-200],
    ],
)
def test_what_lies_about_itself_is_refused(content: bytes) -> None:
    for name in ("a.png", "a.jpg", "a.pdf"):
        with pytest.raises(WrongFile):
            check_file(name, content)


def test_a_paper_is_kept_as_it_is() -> None:
    content = paper()
    found = check_file("счёт.PDF", content)
    assert (found.name, found.mimetype, found.content) == ("счёт.pdf", "application/pdf", content)


def test_a_paper_that_acts_holds_files_or_has_a_password_is_refused() -> None:
    def made(change: Any) -> bytes:
        writer = PdfWriter()
        writer.add_blank_page(100, 100)
        change(writer)
        body = io.BytesIO()
        writer.write(body)
        return body.getvalue()

    assert check_file("a.pdf", made(lambda _: None)).mimetype == "application/pdf"
    for change, words in (
        (_act, "сценарии"),
        (lambda it: it.add_attachment("evil.exe", b"MZ"), "вложенные"),
        (lambda it: it.encrypt("secret", algorithm="RC4-128"), "паролем"),
    ):
        with pytest.raises(WrongFile, match=words):
            check_file("a.pdf", made(change))


def test_empty_too_big_and_bombs_are_refused_in_words() -> None:
    with pytest.raises(WrongFile, match="пуст"):
        check_file("a.png", b"")
    with pytest.raises(WrongFile, match="10 МБ"):
        check_file("a.pdf", b"%PDF-" + b"0" * MOST_BYTES)
    with pytest.raises(WrongFile, match="точек"):
        check_file("a.png", picture(size=(9000, 9000)))


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
)
def test_noise_is_refused_and_never_breaks_anything(noise: bytes, start: bytes) -> None:
    with pytest.raises(WrongFile):
        check_file("a.png", start + noise)
