"""The parent's side of reading: batches come back in order, and the end of a child costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.mailbox.raw_message import Place, RawMessage, TextPart
from monitor.reader import process
from monitor.reader.outcomes import Circle, Filed, Understood
from monitor.reader.process import Reader

CIRCLE = Circle(frozenset({"jana@weber.example"}), frozenset({"georg@prantl.example"}))

# The first of all tests may have to wait for the starter model.
pytestmark = pytest.mark.timeout(600)


def filed(number: int) -> Filed:
    header = (
        f"From: georg@prantl.example\r\nTo: jana@weber.example\r\nMessage-ID: <{number}@x.example>\r\n"
        "Date: Mon, 2 Mar 2026 09:54:51 +0100\r\n\r\n"
    )
    text = TextPart("plain", "utf-8", "8bit", b"Kannst du meine Website machen?")
    return Filed(RawMessage(header.encode(), (text,), datetime.now(UTC), Place("INBOX", 1, number)), "INBOX")


def batches(count: int, length: int) -> list[list[Filed]]:
    return [[filed(start * length + number) for number in range(length)] for start in range(count)]


def keys(outcomes: list[object]) -> list[str]:
    return [one.fact.key for one in outcomes if isinstance(one, Understood)]


@pytest.fixture
def reader(model: Path) -> Iterator[Reader]:
    with Reader(CIRCLE, model.parent) as reader:
        yield reader


def test_outcomes_come_in_the_order_of_the_batches_whatever_their_sizes(reader: Reader) -> None:
    given = [*batches(3, process.LARGE), [filed(-1)], *batches(2, process.LARGE), [], [filed(-2)]]

    found = list(reader.understand(given))

    assert [batch for batch, _ in found] == given
    assert [keys(outcomes) for _, outcomes in found] == [
        [f"<{one.raw.place.uid}@x.example>" for one in batch]  # type: ignore[union-attr]
        for batch in given
    ]


def test_small_batches_are_read_by_one_child_and_large_ones_by_as_many_as_there_are(reader: Reader) -> None:
    list(reader.understand(batches(4, 2)))
    assert len(reader._children) == 1

    list(reader.understand(batches(4, process.LARGE)))
    assert len(reader._children) == process.MOST_CHILDREN


def test_while_a_batch_is_kept_the_next_one_is_worked_on(reader: Reader) -> None:
    drawn = []

    def counted() -> Iterator[list[Filed]]:
        for batch in batches(6, process.LARGE):
            drawn.append(batch)
            yield batch

    for kept, _ in enumerate(reader.understand(counted()), 1):
        assert len(drawn) == min(6, kept + process.MOST_CHILDREN)


def test_a_child_that_ends_costs_no_message(reader: Reader) -> None:
    given = batches(6, process.LARGE)
    found = []
    for number, (_, outcomes) in enumerate(reader.understand(given)):
        found += keys(outcomes)
        if number == 1:
            for child in reader._children.values():
                child._process.kill()

    assert found == [f"<{number}@x.example>" for number in range(6 * process.LARGE)]


def test_what_was_under_way_when_somebody_left_is_nobodys_answer_later(reader: Reader) -> None:
    for _ in reader.understand(batches(6, process.LARGE)):
        break

    assert [keys(outcomes) for _, outcomes in reader.understand([[filed(7)]])] == [["<7@x.example>"]]


def test_no_child_is_left_over(reader: Reader) -> None:
    list(reader.understand(batches(3, process.LARGE)))
    running = [child._process for child in reader._children.values()]
    reader.close()

    assert all(one.returncode is not None for one in running)
