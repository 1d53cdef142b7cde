"""The models that were ever accepted, which of them serves, and going back.

One JSON file beside the model files, replaced as a whole. No word of a mail stands in it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.errors import ModelError
from monitor.private_file import replace_file

KEPT = 5  # models of the coach that are kept on disk


@dataclass(frozen=True, slots=True)
class Version:
    """One model: when it was made, from which labels and starter model, and the report of its contest."""

    name: str
    made_at: str
    starter: str
    labels: str
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions, the oldest first. ``serving`` is None while the starter model serves.

    ``tried`` is the fingerprint of the labels that were last trained from, accepted or not: the same labels are
    not tried again.
    """

    versions: tuple[Version, ...] = ()
    serving: str | None = None
    tried: str = ""


def read(folder: Path) -> Versions:
    """Return the versions of a models folder; none where the file is missing or damaged."""
    try:
        told = json.loads((folder / "versions.json").read_text(encoding="utf-8"))
        versions = tuple(Version(**version) for version in told["versions"])
        return Versions(versions, told["serving"], told["tried"])
    except (OSError, ValueError, KeyError, TypeError):
        return Versions()


def measured(folder: Path) -> float | None:
    """Return in which share of messages the serving model found the main request when it was last measured.

    None while the starter model serves, which is measured with the program and not on this machine.
    """
    known = read(folder)
    for one in known.versions:
        if one.name == known.serving:
            share = ((one.report.get("contest") or {}).get("challenger") or {}).get("main_type")
            return float(share) if isinstance(share, int | float) else None
    return None


def write(folder: Path, versions: Versions) -> None:
    """Replace the list of versions as a whole; models that fell out of the list are removed."""
    kept = versions.versions[-KEPT:]
    versions = replace(versions, versions=kept)
    replace_file(folder / "versions.json", json.dumps(asdict(versions), indent=2))
    names = {version.name for version in kept}
    for file in folder.glob("coach-*.npz"):
        if file.stem not in names:
            file.unlink(missing_ok=True)


def add(folder: Path, version: Version) -> None:
    """Put a version on record and let it serve."""
    known = read(folder)
    others = tuple(one for one in known.versions if one.name != version.name)
    write(folder, Versions((*others, version), version.name, version.labels))


def note_tried(folder: Path, labels: str) -> None:
    """Note that these labels were tried, so that they are not tried again every night."""
    write(folder, replace(read(folder), tried=labels))


def roll_back(folder: Path, name: str) -> None:
    """Let another version serve; ``starter`` is the shipped model. Raises ModelError if there is none of that name."""
    known = read(folder)
    if name == "starter" or name.startswith("starter-"):
        write(folder, replace(known, serving=None))
        return
    if name not in {version.name for version in known.versions} or not (folder / f"{name}.npz").is_file():
        raise ModelError("There is no model {name}.", "The versions: client-monitor model list", name=name)
    write(folder, replace(known, serving=name))


def remove_all(folder: Path) -> int:
    """Remove every model of the coach and its record, so that the starter model serves; return how many there were."""
    known = read(folder)
    if (folder / "versions.json").is_file():
        write(folder, Versions())  # this removes the files too
    return len(known.versions)


def new_name(at: datetime, labels: str) -> str:
    """Return the name of a new version, such as ``coach-20260518-0330-1a2b3c``."""
    return f"coach-{at:%Y%m%d-%H%M}-{labels[:6]}"
