"""Laws as files: the same articles out of DOCX, PDF and HTML, and clear words for what is none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import law_scene
import pytest

from cube_demper.domain.lawyer.errors import UnreadableLaw
from cube_demper.domain.lawyer.schemas import Act
from cube_demper.integrations.law_files.labels import Given
from cube_demper.integrations.law_files.reader import find_files, read_acts

NAME = f"{law_scene.CODE}.01-01-2025.rus"


def _read(path: Path, content: bytes, given: Given | None = None) -> list[Act]:
    path.write_bytes(content)
    return list(read_acts(path, given or Given()))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("docx", law_scene.docx()),
        ("pdf", law_scene.pdf()),
        ("html", law_scene.page()),
        ("htm", law_scene.page(encoding="cp1251")),
    ],
)
def test_every_kind_gives_the_same_law(tmp_path: Path, kind: str, content: bytes) -> None:
    (act,) = _read(tmp_path / f"{NAME}.{kind}", content)
    assert (act.law_code, act.edition, act.language) == (law_scene.CODE, date(2025, 1, 1), "ru")
    assert act.title == "О продаже чайников"
    assert act.url == f"https://adilet.zan.kz/rus/docs/{law_scene.CODE}"
    assert [it.number for it in act.articles] == ["1", "2-1", "3", "4"]
    first, warranty, fine, _ = act.articles
    assert first.title == "Возврат чайника"
    assert first.chapter == "Глава 1. ПРОДАЖА"
    assert first.body == (
        "1. Покупатель возвращает чайник за двадцать дней, если крышка цела.\n"
        "2. Продавец отдаёт деньги за три дня."
    )
    assert first.notes.startswith("Сноска.")
    assert warranty.body == "Носик чинят бесплатно один год."
    assert fine.chapter == "Глава 2. ШТРАФЫ"
    assert "влечет штраф" in fine.body
    assert [it.is_repealed for it in act.articles] == [False, False, False, True]


def test_kazakh_law_is_read_by_its_own_headings(tmp_path: Path) -> None:
    lines = (
        "Шәйнек сату туралы",
        "1-тарау. САТУ",
        "1-бап. Шәйнекті қайтару",
        "Сатып алушы шәйнекті жиырма күн ішінде қайтарады, егер қақпағы бүтін болса. " * 3,
        "2-1-бап. Кепілдік",
        "Шүмегі бір жыл бойы тегін жөнделеді, ақысы алынбайды.",
    )
    (act,) = _read(tmp_path / f"{law_scene.CODE}.01-01-2025.kaz.docx", law_scene.docx(lines))
    assert act.language == "kk"
    assert act.url == f"https://adilet.zan.kz/kaz/docs/{law_scene.CODE}"
    assert [(it.number, it.title) for it in act.articles] == [
        ("1", "Шәйнекті қайтару"),
        ("2-1", "Кепілдік"),
    ]


def test_contents_table_is_not_taken_for_the_law(tmp_path: Path) -> None:
    table = ("О продаже чайников", "Статья 1. Возврат чайника", "Статья 3. Штраф за протечку")
    (act,) = _read(tmp_path / f"{NAME}.docx", law_scene.docx(table + law_scene.LINES))
    assert [it.number for it in act.articles] == ["1", "2-1", "3", "4"]
    assert "крышка цела" in act.articles[0].body


def test_operator_says_what_the_file_does_not(tmp_path: Path) -> None:
    given = Given("Z990000002_", date(2026, 5, 1), "kk", "Другой")
    (act,) = _read(tmp_path / "law.docx", law_scene.docx(), given)
    assert (act.law_code, act.edition, act.language, act.title) == (
        "Z990000002_",
        date(2026, 5, 1),
        "kk",
        "Другой",
    )


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", b"PK not a zip", "это не DOCX"),
        ("a.pdf", b"%PDF-1.7 nothing", "PDF"),
        (f"{NAME}.pdf", law_scene.pdf((" ",)), "это скан"),
        (f"{NAME}.pdf", law_scene.pdf(password="secret"), "паролем"),
        ("a.html", b"just words", "не страница"),
        ("a.docx", b"  ", "пустой файл"),
        ("a.txt", b"x", "такой файл не читаем"),
        ("a.docx", law_scene.docx(("Здравствуйте", "Это письмо")), "нет ни одной строки"),
        ("a.docx", law_scene.docx(), "--code"),
        (f"{law_scene.CODE}.docx", law_scene.docx(("А", "Статья 1. Б", "В")), "--edition"),
        ("a.jsonl", b'{"law_code": "Z1"', "строка 1: это не JSON"),
        ("a.jsonl", b'\n{"law_code": "Z1", "law": "L"}', "строка 2"),
        ("a.jsonl", b"[1, 2]", "строка 1"),
        ("a.jsonl", b'{"law_code":"Z1","law":"L","edition":"soon","article":"1","title":"","text":""}',
         "строка 1"),
    ],
)  # fmt: skip
def test_bad_file_is_named_with_what_is_wrong(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    with pytest.raises(UnreadableLaw) as refused:
        _read(tmp_path / name, content)
    assert said in refused.value.message
    assert name in refused.value.message


def test_folder_gives_its_laws_once(tmp_path: Path) -> None:
    law = law_scene.jsonl(tmp_path / "a.jsonl", law_scene.act())
    (tmp_path / "notes.txt").write_text("x")
    assert find_files((tmp_path, law)) == [law]
    with pytest.raises(UnreadableLaw):
        find_files((tmp_path / "empty",)) if (tmp_path / "empty").mkdir() is None else None
