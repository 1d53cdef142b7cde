"""Discovery proposes whoever writes both ways, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.facts import Direction, Fact
from monitor.pipelines.discovery import name_from, proposals

NOW = datetime(2026, 5, 18, 5, tzinfo=UTC)


def between(address: str, received: int, sent: int, days_ago: int = 10) -> list[Fact]:
    ways = [Direction.RECEIVED] * received + [Direction.SENT] * sent
    at = NOW - timedelta(days=days_ago)
    return [
        Fact(f"{address}{number}", None, way, (address,), at, 0, "", 10, None, "INBOX")
        for number, way in enumerate(ways)
    ]


def test_two_way_correspondence_is_proposed_with_the_liveliest_first() -> None:
    found = proposals([*between("a.berg@a.example", 2, 1), *between("b@b.example", 5, 4)], NOW)

    assert [(one.name, one.received, one.sent) for one in found] == [("b.example", 5, 4), ("A Berg", 2, 1)]


@pytest.mark.parametrize(
    "facts",
    [
        between("news@shop.example", 9, 0),
        between("once@x.example", 1, 3),
        between("no-reply@x.example", 5, 5),
        between("old@x.example", 5, 5, days_ago=190),
    ],
)
def test_newsletters_single_mails_machines_and_old_ones_are_not(facts: list[Fact]) -> None:
    assert proposals(facts, NOW) == []


def test_who_was_filed_as_no_client_is_not_proposed_again() -> None:
    assert proposals(between("moni@x.example", 5, 5), NOW, ["moni@x.example"]) == []


def test_people_of_one_firm_are_proposed_together_and_people_of_a_mail_provider_are_not() -> None:
    firm = [*between("hansen@werft.example", 2, 2), *between("brodersen@werft.example", 1, 1)]
    private = [*between("anna@gmx.de", 2, 2), *between("bernd@gmx.de", 2, 2)]

    (one,) = proposals(firm, NOW)
    assert (one.name, one.addresses) == ("werft.example", ("brodersen@werft.example", "hansen@werft.example"))
    assert [len(each.addresses) for each in proposals(private, NOW)] == [1, 1]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("anna.berg@firm.example", "Anna Berg"),
        ("anna_lena-berg@firm.example", "Anna Lena Berg"),
        ("praxis@berg.example", "berg.example"),
        ("bernd@gmx.de", "Bernd"),
        ("b.2000@gmx.de", "B"),
    ],
)
def test_a_name_to_begin_with(address: str, name: str) -> None:
    assert name_from(address) == name
