"""The coach files mails into folders, and the model learns from them, on a real mail server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from servers.dovecot import PASSWORD, Dovecot

from monitor.classification import model_file, serving, versions
from monitor.classification.contest import Ground
from monitor.classification.model import Document, Model
from monitor.classification.serving import serving_model, starter_model
from monitor.errors import ModelError
from monitor.facts import Fact
from monitor.labels import RequestType
from monitor.mailbox.imap import MailboxAccess, connect
from monitor.pipelines.filing import labelled_folders, take_labels
from monitor.pipelines.retraining import Report, is_due, retrain
from monitor.reader.outcomes import Circle
from monitor.reader.process import Reader
from monitor.store.database import open_database
from monitor.store.fact_store import FactStore
from monitor.store.label_store import LabelStore

NOW = datetime(2026, 5, 18, 3, 30, tzinfo=UTC)
COACH = "jana@weber-coaching.example"


def _lines() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for language in ("de", "en"):
        with (serving.shipped_corpus() / f"{language}.jsonl").open(encoding="utf-8") as lines:
            found += [json.loads(line) for line in lines]
    return found


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tenth of the starter corpus: training takes seconds, and much is left to learn."""
    folder = tmp_path_factory.mktemp("corpus")
    with (folder / "de.jsonl").open("w", encoding="utf-8") as out:
        for number, line in enumerate(_lines()):
            if number % 10 == 0:
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return folder


@pytest.fixture(scope="module")
def starter(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder in which the small starter model is ready."""
    folder = tmp_path_factory.mktemp("models")
    starter_model(folder, corpus)
    return folder


@dataclass
class Coach:
    """A coach's mailbox and store."""

    server: Dovecot
    user: str
    models: Path
    corpus: Path
    labels: LabelStore
    facts: FactStore

    def files(self, folder: str, text: str, number: int = 0, sender: str = "georg@prantl.example") -> str:
        """Put a mail into a folder of the server; return its Message-ID."""
        message = EmailMessage()
        identity = f"<{number}-{abs(hash(text)) % 10**9}@prantl.example>"
        message["From"], message["To"], message["Subject"], message["Message-ID"] = sender, COACH, "Hallo", identity
        message["Date"] = format_datetime(NOW - timedelta(days=number % 60))
        message.set_content(text)
        self.server.deliver(self.user, folder, message.as_bytes())
        return identity

    def reads(self) -> int:
        """Read the labelled folders once; return how many labels changed."""
        access = MailboxAccess("127.0.0.1", self.server.port, "none", self.user)
        circle = Circle(frozenset({COACH}), frozenset({"@prantl.example"}))
        with connect(access, PASSWORD) as mailbox, Reader(circle, self.models) as reader:
            folders = labelled_folders(mailbox.below("Monitor"))
            return take_labels(folders, mailbox, self.facts, self.labels, reader, lambda: NOW)

    def learns(self, **options: Any) -> Report:
        """Retrain once."""
        access = MailboxAccess("127.0.0.1", self.server.port, "none", self.user)
        with connect(access, PASSWORD) as mailbox:
            return retrain(mailbox, self.labels, self.models, NOW, corpus=self.corpus, **options)

    def fact(self, identity: str) -> Fact:
        """Return the fact of a message."""
        return next(fact for fact in self.facts.facts() if fact.message_id == identity)


@pytest.fixture
def coach(
    dovecot: Dovecot, mailbox_user: str, starter: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Coach]:
    models = tmp_path / "models"
    models.mkdir()
    for file in starter.glob("*.npz"):
        (models / file.name).symlink_to(file)
    # The reading child builds from the shipped corpus; here it is to find the small model as the one that serves.
    small = next(starter.glob("starter-*.npz"))
    (models / "coach-small.npz").symlink_to(small)
    versions.write(models, versions.Versions((versions.Version("coach-small", "", "", ""),), "coach-small"))
    with open_database(f"sqlite:///{tmp_path}/store.db") as database:
        yield Coach(dovecot, mailbox_user, models, corpus, LabelStore(database), FactStore(database))


def requests(fact: Fact) -> set[str]:
    assert fact.classification is not None
    return {str(request.type) for request in fact.classification.requests}


def test_a_mail_moved_into_a_folder_bears_its_label_whatever_the_model_thought(coach: Coach) -> None:
    identity = coach.files("Monitor/Sonderwunsch", "Guten Morgen, heute scheint die Sonne.\n")

    assert coach.reads() == 1
    assert requests(coach.fact(identity)) == {"extra_work"}
    assert coach.reads() == 0


def test_names_in_both_languages_ids_and_umlauts_mean_the_same_folder(coach: Coach) -> None:
    wanted = {
        "Monitor/Außerhalb": "out_of_scope",
        "Monitor/payment": "payment",
        "Monitor/Coaching question": "coaching_question",
    }
    for number, folder in enumerate(wanted):
        coach.files(folder, f"Mail {number}\n", number)
    coach.files("Monitor/Rezepte", "Kein Label\n", 9)
    coach.reads()

    assert {str(filing.label) for filing in coach.labels.filings()} == set(wanted.values())


def test_the_same_mail_in_two_folders_is_one_message_with_two_labels(coach: Coach) -> None:
    identity = coach.files("Monitor/Termin", "Passt Dienstag? Und die Rechnung?\n", 1)
    assert coach.files("Monitor/Zahlung", "Passt Dienstag? Und die Rechnung?\n", 1) == identity
    coach.reads()

    assert requests(coach.fact(identity)) == {"scheduling", "payment"}
    assert len(coach.facts.facts()) == 1


def test_taken_out_again_the_label_is_gone_and_moved_it_changes(coach: Coach) -> None:
    identity = coach.files("Monitor/Termin", "Eine Mail.\n", 1)
    coach.reads()
    coach.server.create(coach.user, "Monitor/Absage")
    with coach.server.session(coach.user) as session:
        session.select("Monitor/Termin")
        session.copy("1", "Monitor/Absage")
        session.store("1", "+FLAGS", "\\Deleted")
        session.expunge()

    assert coach.reads() == 2
    assert requests(coach.fact(identity)) == {"cancellation"}
    with coach.server.session(coach.user) as session:
        session.select("Monitor/Absage")
        session.store("1", "+FLAGS", "\\Deleted")
        session.expunge()
    coach.reads()
    assert not {"scheduling", "cancellation"} & requests(coach.fact(identity))


def _examples(amount: int, offset: int) -> list[dict[str, Any]]:
    """Messages that the small corpus does not hold, each with a single type."""
    others = [line for number, line in enumerate(_lines()) if number % 10 == offset and len(line["requests"]) == 1]
    return others[:amount]


def _file_all(coach: Coach, examples: list[dict[str, Any]], swapped: bool = False) -> None:
    types = [str(request) for request in RequestType]
    for number, example in enumerate(examples):
        text = "".join(segment["text"] for segment in example["segments"])
        label = example["requests"][0]
        if swapped:
            label = types[(types.index(label) + 5) % len(types)]
        coach.files(f"Monitor/{label}", text, number, f"client{number % 9}@prantl.example")
    coach.reads()


def test_what_was_filed_is_learned_and_nothing_is_spoiled(coach: Coach) -> None:
    examples = _examples(60, 3)
    before = serving_model(coach.models, coach.corpus)
    _file_all(coach, examples)
    report = coach.learns()
    after = serving_model(coach.models, coach.corpus)

    assert report.version is not None, report.contest
    assert after.version == report.version
    missed, missed_before = (len(examples) - _right(model, examples) for model in (after, before))
    assert missed <= missed_before / 2
    assert not _due(coach)


def _right(model: Model, examples: list[dict[str, Any]]) -> int:
    """How many messages a model recognises for what they were filed under."""
    texts = ["".join(segment["text"] for segment in example["segments"]) for example in examples]
    told = model.classify([Document("Hallo", text) for text in texts])
    return sum(
        example["requests"][0] in {str(request.type) for request in one.requests}
        for one, example in zip(told, examples, strict=True)
    )


def _due(coach: Coach) -> bool:
    # is_due compares with the shipped corpus' fingerprint; the test's small one is put on record beside it.
    known = versions.read(coach.models)
    return known.tried != f"{coach.labels.fingerprint()}-{serving.starter_fingerprint(coach.corpus)}"


def test_a_model_made_worse_on_purpose_does_not_serve(coach: Coach) -> None:
    before = serving_model(coach.models, coach.corpus).version
    _file_all(coach, _examples(150, 4), swapped=True)
    report = coach.learns()

    assert report.version is None
    assert report.contest is not None
    assert report.contest.ground is not Ground.NO_WORSE
    assert serving_model(coach.models, coach.corpus).version == before
    assert not _due(coach)


def test_a_dry_run_keeps_nothing(coach: Coach) -> None:
    _file_all(coach, _examples(20, 5))
    files = sorted(coach.models.iterdir())
    report = coach.learns(dry_run=True)

    assert report.contest is not None
    assert report.version is None
    assert sorted(coach.models.iterdir()) == files


def test_one_can_go_back_to_an_earlier_model(coach: Coach) -> None:
    _file_all(coach, _examples(40, 6))
    learned = coach.learns().version

    versions.roll_back(coach.models, "coach-small")
    assert serving_model(coach.models, coach.corpus).version.startswith("starter-")
    if learned:
        versions.roll_back(coach.models, learned)
        assert serving_model(coach.models, coach.corpus).version == learned
    with pytest.raises(ModelError, match="no model nonsense"):
        versions.roll_back(coach.models, "nonsense")


def test_a_changed_label_or_a_new_scikit_learn_makes_learning_due(
    coach: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        coach.files("Monitor/Termin", f"Mail {number}\n", number)
    coach.reads()

    assert is_due(coach.labels, coach.models)
    versions.note_tried(coach.models, f"{coach.labels.fingerprint()}-{serving.starter_fingerprint()}")
    assert not is_due(coach.labels, coach.models)
    monkeypatch.setattr(serving, "version", lambda name: "99.0")
    assert is_due(coach.labels, coach.models)
    assert serving_model(coach.models, coach.corpus).classify([Document("", "Passt Dienstag um zehn?")])


def test_a_damaged_model_file_is_refused_and_the_service_goes_on_with_the_starter(coach: Coach) -> None:
    file = coach.models / "coach-broken.npz"
    data = bytearray(next(coach.models.glob("starter-*.npz")).read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(bytes(data))
    versions.write(coach.models, versions.Versions((versions.Version("coach-broken", "", "", ""),), "coach-broken"))

    with pytest.raises(ModelError):
        model_file.load(file)
    assert serving_model(coach.models, coach.corpus).version.startswith("starter-")


def test_copies_go_into_the_review_folder_alone_and_leave_the_mail_as_it_was(coach: Coach) -> None:
    coach.server.create(coach.user, "Monitor/Prüfen")
    coach.files("INBOX", "Eine Mail, die Fragen aufwirft.\n", 1)
    before = coach.server.flags(coach.user, "INBOX")
    access = MailboxAccess("127.0.0.1", coach.server.port, "none", coach.user)
    with connect(access, PASSWORD) as mailbox:
        folders = {folder.leaf: folder for folder in mailbox.folders()}
        mailbox.examine(folders["INBOX"])
        mailbox.copy_for_review([1], folders["Prüfen"])
        with pytest.raises(ValueError, match="review folder alone"):
            mailbox.copy_for_review([1], folders["INBOX"])

    assert coach.server.flags(coach.user, "INBOX") == before
    assert len(coach.server.flags(coach.user, "Monitor/Prüfen")) == 1
    assert coach.reads() == 0
