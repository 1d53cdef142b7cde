"""Mail made to do harm is read in bounded time and memory, and what can be known of it is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile import bench
from hostile.bench import measured, table
from hostile.corpus import specimens
from hostile.monsters import monsters

GENEROUS = 10.0  # seconds, on a busy machine


@pytest.mark.timeout(900)
def test_monsters_are_read_and_what_can_be_known_of_them_is_found(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SECONDS", GENEROUS)

    rows = measured(monsters(), model.parent)

    assert rows["generated"].faults == []
    assert rows["generated"].counts["messages"] > 140


@pytest.mark.timeout(300)
def test_any_folder_of_mail_is_told_by_corpus_and_its_expectations_are_held_against_the_reader(
    model: Path, tmp_path: Path
) -> None:
    (tmp_path / "eins").mkdir()
    (tmp_path / "eins" / "gut.eml").write_bytes(b"From: a@x.example\n\nHallo, das ist gut.\n")
    (tmp_path / "eins" / "mehrere").write_bytes(
        b"From a\nFrom: a@x.example\n\neins\n\nFrom b\nFrom: b@x.example\n\nzwei\n"
    )
    (tmp_path / "eins" / "LICENSE").write_text("no mail")
    (tmp_path / "zwei").mkdir()
    (tmp_path / "zwei" / "text.txt").write_text("Das ist der Text.\n\n> das nicht\n")
    (tmp_path / "my-expectations.jsonl").write_text(
        '{"file": "eins/gut.eml", "from": "a@x.example", "contains": ["Hallo"]}\n'
        '{"file": "eins/mehrere#2", "from": "falsch@x.example"}\n'
        '{"file": "zwei/text.txt", "expected_reply": "Das ist der Text."}\n'
    )

    rows = measured(specimens(tmp_path), model.parent)

    assert {name: row.counts["messages"] for name, row in rows.items()} == {"eins": 3, "zwei": 1}
    assert rows["zwei"].faults == []
    assert rows["eins"].faults == ["wrong: eins/mehrere#2: from b@x.example instead of falsch@x.example"]
    assert table(rows).splitlines()[-1].split() == ["total", "4", "0", "0", "0", "1"]
