"""Finding the inbox, the sent mail and labelled folders in what servers list."""

from __future__ import annotations

import unicodedata

import pytest

from monitor.mailbox.folders import MAX_FOLDERS, MAX_NAME, Folder, find_below, find_inbox, find_sent


def listing(*names: str, delimiter: str | None = "/", **flagged: str) -> list[Folder]:
    """Folders by name; ``flagged`` gives one of them flags, as ``Post="\\Sent"``."""
    return [Folder(name, delimiter, frozenset(flagged.get(name, "").split())) for name in names]


def name_of(folder: Folder | None) -> str | None:
    return folder.name if folder else None


@pytest.mark.parametrize(
    "name",
    [
        "Gesendet",
        "Gesendete Objekte",
        "GESENDETE ELEMENTE",
        "Sent Items",
        "Envoyes",
        "Éléments envoyés",
        "Posta inviata",
    ],
)
def test_sent_mail_is_found_by_the_names_that_mail_programs_use(name: str) -> None:
    assert name_of(find_sent(listing("INBOX", "Entwürfe", name, "Papierkorb"), None)) == name


def test_accents_count_neither_composed_nor_decomposed() -> None:
    decomposed = unicodedata.normalize("NFD", "Éléments envoyés")

    assert name_of(find_sent(listing("INBOX", decomposed), None)) == decomposed
    assert name_of(find_sent(listing("INBOX", "Übersandtes"), unicodedata.normalize("NFD", "übersandtes")))


def test_the_servers_mark_counts_before_any_name() -> None:
    folders = listing("INBOX", "Sent", "Ablage", Ablage="\\HasNoChildren \\sent")

    assert name_of(find_sent(folders, None)) == "Ablage"


def test_of_two_marked_folders_the_one_that_programs_fill_is_taken() -> None:
    folders = listing("Sent Messages", "Sent", **{"Sent Messages": "\\Sent", "Sent": "\\Sent"})

    assert name_of(find_sent(folders, None)) == "Sent"


def test_a_mark_in_somebody_elses_mailbox_counts_less() -> None:
    folders = listing("Users/ben/Sent", "Sent", **{"Users/ben/Sent": "\\Sent", "Sent": "\\Sent"})

    assert name_of(find_sent(folders, None)) == "Sent"


def test_the_configured_folder_counts_before_the_servers_mark() -> None:
    folders = listing("INBOX", "Sent", "Büro/Post raus", Sent="\\Sent")

    assert name_of(find_sent(folders, "büro/post RAUS")) == "Büro/Post raus"


def test_a_configured_folder_that_is_missing_is_not_replaced() -> None:
    assert find_sent(listing("INBOX", "Sent", Sent="\\Sent"), "Postausgang") is None


def test_the_same_spelling_counts_before_another_one() -> None:
    assert name_of(find_sent(listing("sent", "Sent"), "Sent")) == "Sent"


@pytest.mark.parametrize(("delimiter", "prefix"), [(".", "INBOX."), ("/", "INBOX/"), (".", "")])
def test_folders_below_the_namespace_are_top_level(delimiter: str, prefix: str) -> None:
    names = ("INBOX", f"INBOX{delimiter}Gesendete Objekte", f"INBOX{delimiter}Archiv{delimiter}Sent")
    folders = listing(*names, delimiter=delimiter)

    assert name_of(find_sent(folders, None, prefix)) == names[1]
    assert name_of(find_sent(folders, "gesendete objekte", prefix)) == names[1]
    assert name_of(find_sent(folders, "Archiv/Sent", prefix)) == names[2]


def test_a_folder_deeper_down_is_not_taken_by_its_name() -> None:
    assert find_sent(listing("INBOX", "Archiv/2019/Gesendet", "Klienten/Sent"), None) is None


def test_the_outbox_is_not_sent_mail() -> None:
    assert find_sent(listing("INBOX", "Outbox", "Postausgang"), None) is None


def test_folders_that_cannot_be_opened_are_passed_over() -> None:
    folders = listing(
        "Sent", "Gesendet", "Ablage", Sent="\\Noselect", Gesendet="\\NonExistent", Ablage="\\Sent \\NOSELECT"
    )

    assert find_sent(folders, None) is None
    assert find_sent(folders, "Sent") is None


def test_gmail_keeps_its_own_folders_in_a_container() -> None:
    assert name_of(find_sent(listing("INBOX", "[Gmail]/Gesendet"), None)) == "[Gmail]/Gesendet"


def test_a_server_without_levels_has_sent_mail_too() -> None:
    assert name_of(find_sent(listing("INBOX", "Sent", delimiter=None), None)) == "Sent"


def test_the_inbox_is_found_whatever_its_case() -> None:
    assert name_of(find_inbox(listing("Sent", "Inbox"))) == "Inbox"
    assert name_of(find_inbox(listing("INBOX", "Unbekannt"), "unbekannt")) == "Unbekannt"
    assert find_inbox(listing("INBOX"), "Unbekannt") is None


@pytest.mark.parametrize(
    ("start", "delimiter", "prefix"), [("", "/", ""), ("INBOX.", ".", "INBOX."), ("INBOX/", "/", "")]
)
def test_the_children_of_a_parent_are_found_where_the_server_keeps_them(
    start: str, delimiter: str, prefix: str
) -> None:
    names = [
        f"{start}Monitor",
        f"{start}Monitor{delimiter}Außerhalb",
        f"{start}monitor{delimiter}Kein Klient",
    ]
    below = f"{start}Monitor{delimiter}Außerhalb{delimiter}alt"
    folders = listing("INBOX", *names, below, f"{start}Monitore{delimiter}x", delimiter=delimiter)

    assert [folder.leaf for folder in find_below(folders, "Monitor", prefix)] == ["Außerhalb", "Kein Klient"]


def test_a_parent_may_have_several_levels() -> None:
    folders = listing("Ablage.Monitor.Sonderwunsch", "Monitor.Termin", delimiter=".")

    assert [folder.leaf for folder in find_below(folders, "Ablage/Monitor")] == ["Sonderwunsch"]
    assert find_below(folders, "") == ()


def test_endless_listings_and_names_are_cut() -> None:
    many = listing(*(f"Ordner {number}" for number in range(MAX_FOLDERS)), "Sent")

    assert find_sent(many, None) is None
    assert find_sent(listing("é" * (MAX_NAME + 1)), "é" * (MAX_NAME + 1)) is None
