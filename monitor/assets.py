"""Where the shipped folders lie: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path


def shipped(folder: str) -> Path:
    """Return a shipped folder, such as ``templates``.

    Raises FileNotFoundError if this installation lacks it.
    """
    package = Path(__file__).resolve().parent
    if (package / folder).is_dir():
        return package / folder
    # The check keeps an installed program from taking a stranger's site-packages/templates.
    if (package.parent / "pyproject.toml").is_file() and (package.parent / folder).is_dir():
        return package.parent / folder
    raise FileNotFoundError(f"{folder}/ is missing from this installation")
