from __future__ import annotations

from pathlib import Path

from cube_demper.sandbox.journal import Journal, read_journal


def test_entries_are_numbered_and_read_back(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write("request", 0.0, route="offers")
    journal.write("accepted", 1.5, sku="1_1")
    journal.close()
    again = Journal(tmp_path)
    assert [entry["n"] for entry in again.entries] == [1, 2]
    assert again.write("request", 2.0)["n"] == 3
    assert [entry["kind"] for entry in again.since(1)] == ["accepted", "request"]
    again.close()


def test_an_accepted_change_is_in_the_file_at_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write("accepted", 0.0, sku="1_1")
    assert [entry["sku"] for entry in read_journal(tmp_path)] == ["1_1"]
    journal.close()


def test_a_line_cut_by_a_kill_is_left_out(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write("accepted", 0.0, sku="1_1")
    journal.close()
    with (tmp_path / "journal.jsonl").open("ab") as file:
        file.write(b'{"n":2,"kind":"acce')
    assert [entry["n"] for entry in read_journal(tmp_path)] == [1]


def test_the_entry_after_a_cut_line_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_bytes(b'{"n":1,"kind":"acce')
    journal = Journal(tmp_path)
    journal.write("accepted", 0.0, sku="1_1")
    journal.close()
    assert [entry["sku"] for entry in read_journal(tmp_path)] == ["1_1"]


def test_a_full_file_makes_room_and_at_most_two_are_kept(tmp_path: Path) -> None:
    journal = Journal(tmp_path, file_cap=2_000)
    for _ in range(400):
        journal.write("accepted", 0.0, sku="1_1")
        journal.flush()
    journal.close()
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(sizes) == {"journal.jsonl", "journal.1.jsonl"}
    assert max(sizes.values()) < 2_200
    assert [entry["n"] for entry in read_journal(tmp_path)][-1] == 400


def test_without_a_folder_it_lives_in_memory() -> None:
    journal = Journal()
    journal.write("accepted", 0.0)
    journal.flush()
    assert journal.last_number == 1
