"""Wheel and source archive as people install them: with pipx and uv, elsewhere, from packages alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from servers import debian

CHECKOUT = Path(__file__).resolve().parents[2]

# The first run fetches the packages of the dependencies; installing them takes a while on a small machine.
pytestmark = pytest.mark.timeout(900)


def done(command: Sequence[str | Path], environment: dict[str, str] | None = None, folder: Path | None = None) -> str:
    ran = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, env=environment, cwd=folder, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The source archive, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    done([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, CHECKOUT])
    (wheel,), (archive,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return {"wheel": wheel, "sdist": archive}


@pytest.fixture(scope="module")
def dependencies(request: pytest.FixtureRequest) -> Path:
    """A folder with the packages of everything that the product and its build stand on."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = [*project["project"]["dependencies"], *project["build-system"]["requires"], "pip", "setuptools", "wheel"]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return debian.wheels(request.config.cache.mkdir("packages"), needed, version)  # type: ignore[union-attr]


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody with an empty home."""
    bin_folder = tmp_path / "bin"
    return {
        "PATH": f"{bin_folder}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(bin_folder),
        "UV_TOOL_DIR": str(tmp_path / "tools"),
        "UV_TOOL_BIN_DIR": str(bin_folder),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "PIP_NO_CACHE_DIR": "1",
    }


def uv() -> Path:
    found = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert found is not None
    return Path(found)


def uninstall(installer: str, environment: dict[str, str]) -> None:
    tool: list[str | Path] = [sys.executable, "-m", "pipx"] if installer == "pipx" else [uv(), "tool"]
    done([*tool, "uninstall", "client-health-monitor"], environment)
    shutil.rmtree(environment["UV_CACHE_DIR"], ignore_errors=True)


def installed(installer: str, package: Path, dependencies: Path, environment: dict[str, str]) -> Path:
    if installer == "pipx":
        more = f"--no-index --find-links {dependencies}"
        tool: list[str | Path] = [sys.executable, "-m", "pipx", "install", "--backend", "pip", "--pip-args", more]
    else:
        tool = [uv(), "tool", "install", "--python", sys.executable, "--no-index", "--find-links", dependencies]
    done([*tool, package], environment)
    return Path(environment["PATH"].partition(":")[0]) / "client-monitor"


@pytest.mark.parametrize(("installer", "package"), [("pipx", "wheel"), ("uv", "sdist")])
def test_it_installs_elsewhere_shows_itself_and_leaves_again(
    installer: str,
    package: str,
    packages: dict[str, Path],
    dependencies: Path,
    elsewhere: dict[str, str],
    tmp_path: Path,
    model: Path,
) -> None:
    program = installed(installer, packages[package], dependencies, elsewhere)
    # What takes a minute to build is lent.
    models = tmp_path / ".local" / "state" / "client-monitor" / "models"
    models.mkdir(parents=True)
    shutil.copyfile(model, models / model.name)

    assert done([program, "--version"], elsewhere).startswith("client-monitor ")
    shown = done([program, "demo"], elsewhere, tmp_path)

    assert "Georg Prantl" in shown
    assert (tmp_path / "client-monitor-demo.html").stat().st_size > 10_000
    interpreter = program.resolve().parent / "python"
    where = done([interpreter, "-c", "import monitor; print(monitor.__file__)"], elsewhere, tmp_path)
    assert where.startswith(str(tmp_path))
    done([interpreter, "-c", "from monitor.assets import shipped; shipped('systemd')"], elsewhere, tmp_path)

    uninstall(installer, elsewhere)
    told = (CHECKOUT / "docs" / "administration.md").read_text(encoding="utf-8")
    (tmp_path / "client-monitor-demo.html").unlink()
    left = {
        file.relative_to(tmp_path).parts[:3] for file in tmp_path.rglob("*client*monitor*") if file.suffix != ".lock"
    }
    assert left == {(".local", "state", "client-monitor")}
    assert "~/.local/state/client-monitor" in told
    assert f"{'pipx' if installer == 'pipx' else 'uv tool'} uninstall client-health-monitor" in told


def test_the_source_archive_holds_what_tests_and_documents_need(packages: dict[str, Path]) -> None:
    with tarfile.open(packages["sdist"]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    for wanted in (
        "pyproject.toml", "Makefile", "README.md", "PRIVACY.md", "LICENSE", "docs/administration.md",
        "tests/machine.py", "systemd/client-monitor@.service", "systemd/user/client-monitor.service",
        "models/corpus/de.jsonl",
    ):  # fmt: skip
        assert wanted in names
    assert not [name for name in names if ".venv" in name or "__pycache__" in name or ".pytest_cache" in name]
