"""After an update the starter model of before serves until that of the new program is ready."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor.classification import serving
from monitor.classification.model import Document
from monitor.classification.serving import is_outdated, serving_model, shipped_corpus, starter_fingerprint

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sixtieth of the starter corpus: training takes seconds."""
    folder = tmp_path_factory.mktemp("corpus")
    lines = (shipped_corpus() / "de.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "de.jsonl").write_text("\n".join(lines[::60]) + "\n", encoding="utf-8")
    return folder


def test_every_module_that_decides_what_a_model_is_belongs_to_its_fingerprint() -> None:
    folder = Path(serving.__file__).parent
    needed, new = set[str](), {"training"}
    while new:
        needed |= new
        told = " ".join((folder / f"{module}.py").read_text(encoding="utf-8") for module in new)
        names = re.findall(r"from monitor\.classification(?:\.(\w+))? import (\w+)", told)
        new = {module or name for module, name in names} - needed

    assert needed == set(serving.SOURCES)


def test_another_version_of_scikit_learn_is_another_starter_model(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = starter_fingerprint(corpus)
    monkeypatch.setattr(serving, "version", lambda name: "99.0")

    assert starter_fingerprint(corpus) != before


def test_the_model_of_before_serves_until_the_new_one_is_ready(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing is there yet: there is no way but to build it.
    first = serving_model(tmp_path, corpus, outdated=True)
    assert not is_outdated(first, corpus)

    monkeypatch.setattr(serving, "version", lambda name: "99.0")
    between = serving_model(tmp_path, corpus, outdated=True)
    assert between.version == first.version
    assert is_outdated(between, corpus)
    document = Document("Termin", "Können wir den Termin am Montag verschieben?")
    assert between.classify([document]) == first.classify([document])

    ready = serving.starter_model(tmp_path, corpus)  # what the service has built beside its work
    assert ready.version != first.version
    served = serving_model(tmp_path, corpus, outdated=True)
    assert served.version == ready.version
    assert not is_outdated(served, corpus)
    assert [file.name for file in tmp_path.glob("*.npz")] == [f"{ready.version}.npz"]


def test_a_damaged_model_of_before_is_passed_over(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "starter-000000000000.npz").write_bytes(b"no model")

    model = serving_model(tmp_path, corpus, outdated=True)

    assert not is_outdated(model, corpus)
