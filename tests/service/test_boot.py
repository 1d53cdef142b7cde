"""The real thing: the built wheel and the shipped unit on a Debian that boots, with mail servers inside.

The tests of this file share one machine and follow one another, as the days of a service do.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from booted import DOVECOT, IMAP_SECRET, LETTERBOX, SMTP_SECRET, UNIT, Coach, configuration
from machine import CLIENT, COACH, OUTSIDE_ASK
from servers import debian
from servers.debian import PROGRAM, Container

CHECKOUT = Path(__file__).resolve().parents[2]
STATE = "/var/lib/client-monitor"
UNITS = f"{PROGRAM}/lib/python{debian.PYTHON}/site-packages/monitor/systemd"
SUBJECT = "Eine Bitte um Gartenzwerge"
MOST_MEMORY = 80 * 1024  # kB that the waiting daemon holds

FITS = "/opt/fits.py"
FIT = """
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

texts = ["bitte schreiben", "danke sehr"] * 400
known = np.array([0, 1] * 400)
seen = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit_transform(texts)
_ = np.linalg.svd(seen.toarray() @ seen.toarray().T)  # the numerical library at work, with threads of its own
print("fitted", LinearSVC().fit(seen, known).score(seen, known), flush=True)
"""

_reason = debian.reason_against()
pytestmark = [
    pytest.mark.timeout(900),  # the first run makes the tree
    pytest.mark.skipif(_reason is not None, reason=f"no boot test on this machine: {_reason}"),
]


@pytest.fixture(scope="module")
def container(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, model: Path
) -> Iterator[Container]:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cache = request.config.cache.mkdir("boot")  # type: ignore[union-attr]
    try:
        base = debian.tree(cache, project["dependencies"])
    except RuntimeError as error:
        pytest.fail(str(error), pytrace=False)
    folder = tmp_path_factory.mktemp("boot")
    built = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(CHECKOUT)]
    subprocess.run(built, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    made = Container(base, folder)
    made.put(f"/root/{wheel.name}", wheel.read_bytes())
    issuer = trustme.CA(key_type=trustme.KeyType.ECDSA)
    server = issuer.issue_cert("localhost", key_type=trustme.KeyType.ECDSA)
    made.put("/usr/local/share/ca-certificates/provider.crt", issuer.cert_pem.bytes())
    made.put("/etc/mail/server.key", server.private_key_pem.bytes())
    made.put("/etc/mail/server.pem", b"".join(blob.bytes() for blob in server.cert_chain_pems))
    made.put("/etc/dovecot/dovecot.conf", DOVECOT.replace("SECRET", IMAP_SECRET))
    # Building the model takes minutes on a busy machine, so it is lent; that one can be built there is tested apart.
    made.put(f"{STATE}/models/{model.name}", model.read_bytes())
    made.put(FITS, FIT)
    made.put("/opt/letterbox.py", (CHECKOUT / "tests/servers/letterbox.py").read_text(encoding="utf-8"))
    made.put("/etc/systemd/system/letterbox.service", LETTERBOX)
    with made:
        yield made


@pytest.fixture(scope="module")
def due_at() -> datetime:
    """When the digest is due: soon, but after the service has started for the first time."""
    return (datetime.now(UTC) + timedelta(seconds=100)).replace(second=0, microsecond=0)


@pytest.fixture(scope="module")
def coach(container: Container, due_at: datetime) -> Coach:
    run = container.run
    run("update-ca-certificates && mkdir -p /var/spool/letters && mkdir -p /var/mail && chown mail: /var/mail")
    run("systemctl restart dovecot && systemctl start letterbox")
    run(f"{PROGRAM}/bin/pip install --quiet --no-index --no-deps /root/*.whl")
    run(f"cp {UNITS}/*.service /etc/systemd/system/ && systemctl daemon-reload")
    run(
        "mkdir -p /etc/client-monitor && cd /etc/client-monitor && touch config.toml && chmod 600 config.toml && "
        "cat > config.toml",
        data=configuration(due_at).encode(),
    )
    for purpose, secret in (("imap", IMAP_SECRET), ("smtp", SMTP_SECRET)):
        name = f"client-monitor.{purpose}"
        run(
            f"systemd-creds encrypt --with-key=host --name={name} - /etc/client-monitor/{name}.cred",
            data=secret.encode(),
        )
    coach = Coach(container)
    for days in (1, 3, 6, 9):
        coach.deliver(subject=SUBJECT, sent_at=datetime.now(UTC) - timedelta(days=days))
    coach.deliver("Sent", sender=COACH, to=CLIENT, text="Lieber Georg, gern.", sent_at=datetime.now(UTC))
    return coach


def test_the_units_are_sound_and_hardened(coach: Coach) -> None:
    for unit in (UNIT, "client-monitor@anna.service"):
        told = coach.run(f"systemd-analyze verify --recursive-errors=yes {unit}", check=False)
        assert (told.returncode, told.stderr) == (0, "")
        # The threshold is ten times what is printed.
        exposure = coach.run(f"systemd-analyze security --no-pager --threshold=15 {unit}", check=False)
        assert exposure.returncode == 0, exposure.stdout
        told_level = re.search(r"exposure level for \S+: ([\d.]+)", exposure.stdout)
        assert told_level is not None
        assert float(told_level[1]) <= 1.5


def test_the_unit_for_a_user_is_sound(coach: Coach) -> None:
    coach.run(f"mkdir -p /root/.local/bin && ln -sf {PROGRAM}/bin/client-monitor /root/.local/bin/")

    verify = f"XDG_RUNTIME_DIR=/tmp systemd-analyze --user verify --recursive-errors=yes {UNITS}/user/{UNIT}"
    told = coach.run(verify, check=False)

    assert (told.returncode, told.stderr) == (0, "")


def test_an_unknown_key_in_a_unit_would_be_noticed(coach: Coach) -> None:
    coach.run(f"sed 's/^WatchdogSec=/WatchdogSecs=/' /etc/systemd/system/{UNIT} > /run/spoiled.service")

    told = coach.run("systemd-analyze verify --recursive-errors=yes /run/spoiled.service", check=False)

    assert told.returncode != 0
    assert "WatchdogSecs" in told.stderr


def test_the_service_is_activating_until_it_says_that_it_is_ready(coach: Coach) -> None:
    coach.run(f"systemctl start --no-block {UNIT}")
    states = []

    def is_ready() -> bool:
        states.append(coach.show(UNIT, "ActiveState")["ActiveState"])
        return states[-1] == "active"

    coach.until(is_ready, 30, "readiness")

    assert "activating" in states
    assert coach.show(UNIT, "Type", "NotifyAccess", "WatchdogUSec") == {
        "Type": "notify",
        "NotifyAccess": "main",
        "WatchdogUSec": "3min",
    }


def test_it_runs_as_a_user_who_exists_only_while_it_runs_and_owns_the_state(coach: Coach) -> None:
    status = coach.run(f"cat /proc/{coach.pid}/status").stdout
    uid = int(re.search(r"^Uid:\s+(\d+)", status, re.MULTILINE)[1])  # type: ignore[index]

    assert 61184 <= uid <= 65519  # systemd's range for dynamic users
    assert coach.run(f"stat -L -c '%u %a' {STATE}").stdout.split() == [str(uid), "700"]
    assert coach.run(f"stat -L -c '%u %a' {STATE}/store.db").stdout.split() == [str(uid), "600"]


def test_it_is_held_in_its_sandbox(coach: Coach) -> None:
    status = coach.run(f"cat /proc/{coach.pid}/status").stdout
    told = dict(re.findall(r"^(\w+):\s+(\S+)", status, re.MULTILINE))

    assert (told["Seccomp"], told["NoNewPrivs"], told["CapEff"]) == ("2", "1", "0000000000000000")
    mounts = coach.run(f"cat /proc/{coach.pid}/mountinfo").stdout
    assert re.search(r" / / ro[, ]", mounts) or re.search(r"^\S+ \S+ \S+ / / ro", mounts, re.MULTILINE)
    writable = f"nsenter -t {coach.pid} -m touch"
    for place in ("/usr/x", "/etc/x", f"{PROGRAM}/x"):
        assert coach.run(f"{writable} {place}", check=False).returncode != 0


def test_the_secrets_are_read_from_credentials_and_stand_nowhere_else(coach: Coach) -> None:
    folder = coach.run(
        f"tr '\\0' '\\n' < /proc/{coach.pid}/environ | sed -n s/^CREDENTIALS_DIRECTORY=//p"
    ).stdout.strip()

    assert folder == f"/run/credentials/{UNIT}"
    assert coach.run(f"stat -f -c %T {folder}").stdout.strip() in ("ramfs", "tmpfs")
    assert coach.run(f"cat {folder}/client-monitor.imap").stdout == IMAP_SECRET
    for secret in (IMAP_SECRET, SMTP_SECRET):
        for place in (f"/proc/{coach.pid}/environ", f"/proc/{coach.pid}/cmdline", "/etc/client-monitor/", f"{STATE}/"):
            found = coach.run(f"grep -raF -e '{secret}' {place}", check=False)
            assert found.stdout == "", place


def test_mail_goes_in_and_the_digest_comes_out(coach: Coach, due_at: datetime) -> None:
    coach.until(lambda: "taken in" in coach.journal(), 240, "the first look")
    coach.until(coach.letters, max(0.0, (due_at - datetime.now(UTC)).total_seconds()) + 60, "the digest")

    (letter,) = coach.letters()
    assert letter["To"] == COACH
    body = letter.get_body(("plain",))  # type: ignore[attr-defined]
    assert "Georg Prantl" in body.get_content()
    assert "Gelesen wurden" in body.get_content() or "Gelesen wurde" in body.get_content()
    assert coach.is_active()
    assert coach.restarts() == 0


def test_the_waiting_service_is_small_and_knows_nothing_of_scikit_learn(coach: Coach) -> None:
    memory = coach.run(f"sed -n 's/^VmRSS:[^0-9]*//p' /proc/{coach.pid}/status").stdout.split()[0]
    mapped = coach.run(f"cat /proc/{coach.pid}/maps").stdout

    assert int(memory) <= MOST_MEMORY
    for library in ("sklearn", "scipy", "numpy", "openblas"):
        assert library not in mapped


def test_an_administrator_asks_how_it_is_and_takes_a_backup(coach: Coach) -> None:
    program = f"{PROGRAM}/bin/client-monitor --config /etc/client-monitor/config.toml"

    assert coach.run(f"{program} status").stdout.startswith("In Ordnung.")
    coach.run(f"{program} backup /root/backup && {program} export Georg > /root/georg.json")
    assert coach.run("grep -c Gartenzwerge /root/georg.json").stdout.strip() != "0"
    owners = coach.run(f"find {STATE}/ -printf '%u\\n' | sort -u").stdout.split()
    assert len(owners) == 1
    assert "root" not in owners


def test_what_fits_the_model_is_stopped_by_no_part_of_the_sandbox(coach: Coach) -> None:
    folder = f"/etc/systemd/system/{UNIT}.d"
    drop_in = f"[Service]\nExecStartPre={PROGRAM}/bin/python {FITS}\n"
    coach.run(f"mkdir -p {folder} && cat > {folder}/fits.conf", data=drop_in.encode())

    coach.run(f"systemctl daemon-reload && systemctl restart {UNIT}")

    assert "fitted 1.0" in coach.journal()
    coach.run(f"rm {folder}/fits.conf && systemctl daemon-reload && systemctl restart {UNIT}")


def test_what_hangs_is_ended_by_the_watchdog_and_the_journal_says_where_it_hung(coach: Coach) -> None:
    drop_in = "[Service]\nWatchdogSec=4\nRestartSec=1\n"
    coach.run(
        f"mkdir -p /etc/systemd/system/{UNIT}.d && cat > /etc/systemd/system/{UNIT}.d/quick.conf", data=drop_in.encode()
    )
    coach.run(f"systemctl daemon-reload && systemctl restart {UNIT}")
    time.sleep(6)  # it must be fed meanwhile
    assert coach.restarts() == 0
    first = coach.pid

    coach.run(f"kill -STOP {first}")

    coach.until(lambda: coach.restarts() == 1 and coach.is_active(), 40, "a restart")
    assert coach.pid != first
    journal = coach.journal()
    assert "Watchdog timeout" in journal
    assert "Failed with result 'watchdog'" in journal
    assert "Fatal Python error: Aborted" in journal
    assert re.search(r'File ".*daemon\.py", line \d+ in run', journal)


def test_killed_it_comes_back_and_sends_nothing_twice(coach: Coach) -> None:
    before = coach.journal().count("service started")
    coach.run(f"kill -KILL {coach.pid}")

    coach.until(lambda: coach.restarts() == 2 and coach.is_active(), 40, "a restart")
    coach.until(lambda: coach.journal().count("service started") > before, 30, "its first words")
    time.sleep(2)
    assert len(coach.letters()) == 1


def test_stopped_it_ends_in_good_order_and_the_state_belongs_to_it_again_at_the_next_start(coach: Coach) -> None:
    coach.run(f"systemctl stop {UNIT}")

    assert coach.show(UNIT, "ActiveState", "Result", "ExecMainStatus") == {
        "ActiveState": "inactive",
        "Result": "success",
        "ExecMainStatus": "0",
    }
    assert "service stopped" in coach.journal()

    coach.run(f"systemctl start {UNIT}")
    uid = coach.run(f"stat -c %u /proc/{coach.pid}").stdout.strip()
    assert coach.run(f"find {STATE}/ -printf '%U\\n' | sort -u").stdout.split() == [uid]


def test_the_configuration_is_for_root_and_the_service_alone(coach: Coach) -> None:
    assert coach.run("stat -c %a /etc/client-monitor/config.toml").stdout.strip() == "600"
    handed_over = f"/run/credentials/{UNIT}/config.toml"
    assert coach.run(f"setpriv --reuid=65534 --clear-groups cat {handed_over}", check=False).returncode != 0
    assert coach.run(f"cmp /etc/client-monitor/config.toml {handed_over}").returncode == 0


def test_what_trying_again_cannot_mend_is_not_tried_again(coach: Coach) -> None:
    configured = "/etc/client-monitor/config.toml"
    coach.run(f"systemctl stop {UNIT} && cp {configured} /root/ && echo '[coach' >> {configured}")
    coach.run(f"systemctl start {UNIT}", check=False)
    coach.until(lambda: coach.show(UNIT, "ActiveState")["ActiveState"] == "failed", 20, "its end")
    assert coach.show(UNIT, "ExecMainStatus", "NRestarts") == {"ExecMainStatus": "78", "NRestarts": "0"}

    coach.run(f"cp /root/config.toml {configured}; mv /etc/client-monitor/client-monitor.smtp.cred /root/")
    coach.run(f"systemctl start {UNIT}", check=False)
    time.sleep(3)
    assert coach.show(UNIT, "ActiveState", "ExecMainStatus") == {"ActiveState": "failed", "ExecMainStatus": "243"}

    coach.run(f"mv /root/client-monitor.smtp.cred /etc/client-monitor/; systemctl reset-failed; systemctl start {UNIT}")
    assert coach.is_active()


def test_two_coaches_on_one_machine_share_nothing(coach: Coach) -> None:
    coach.run("mkdir -p /etc/client-monitor/anna && cp /etc/client-monitor/*.* /etc/client-monitor/anna/")

    coach.run("systemctl start client-monitor@anna")

    other = coach.show("client-monitor@anna", "ActiveState", "MainPID")
    assert other["ActiveState"] == "active"
    users = {coach.run(f"stat -c %u /proc/{pid}").stdout.strip() for pid in (other["MainPID"], coach.pid)}
    assert len(users) == 2
    assert coach.run("stat -L -c %a /var/lib/client-monitor-anna").stdout.strip() == "700"
    coach.run("systemctl stop client-monitor@anna")


def test_a_server_goes_on_from_a_backup(coach: Coach) -> None:
    program = f"{PROGRAM}/bin/client-monitor --config /etc/client-monitor/config.toml"
    coach.run(f"systemctl stop {UNIT} && rm -r /var/lib/private/client-monitor {STATE} /etc/client-monitor/config.toml")

    coach.run(f"{program} restore /root/backup")
    coach.run(f"systemctl start {UNIT}")

    assert coach.run("stat -c %a /etc/client-monitor/config.toml").stdout.strip() == "600"
    uid = coach.run(f"stat -c %u /proc/{coach.pid}").stdout.strip()
    assert coach.run(f"find {STATE}/ -printf '%U\\n' | sort -u").stdout.split() == [uid]
    told = json.loads(coach.run(f"{program} status --format json", check=False).stdout)
    assert told["messages"] == 5
    assert told["last_digest"] is not None
    assert len(coach.letters()) == 1


def test_setup_puts_everything_in_place_and_the_service_runs_with_it(coach: Coach) -> None:
    coach.run(f"systemctl disable --now {UNIT}; cp -rL {STATE}/models /root/models")
    coach.run(f"rm -rf /etc/client-monitor {STATE} /var/lib/private/client-monitor /etc/systemd/system/client-monitor*")
    coach.run(f"mkdir -m 700 {STATE} && mv /root/models {STATE}/ && chown -R root: {STATE}")
    coach.run("cat > /root/imap-password", data=IMAP_SECRET.encode())
    coach.run("cat > /root/smtp-password", data=SMTP_SECRET.encode())
    letters = len(coach.letters())

    said = coach.run(
        f"{PROGRAM}/bin/client-monitor setup --no-input --service system --language de --address {COACH} "
        "--imap 'localhost:993 tls' --imap-user jana --password-file /root/imap-password "
        "--smtp 'localhost:465 tls' --smtp-password-file /root/smtp-password "
        "--folders --first-look --clients --test-digest",
        seconds=400,
    ).stderr

    assert "Der Dienst läuft" in said
    assert coach.is_active()
    assert len(coach.letters()) == letters + 1
    assert coach.run("stat -c '%a %U' /etc/client-monitor/*").stdout.split("\n")[:-1] == ["600 root"] * 3
    uid = coach.run(f"stat -c %u /proc/{coach.pid}").stdout.strip()
    coach.until(lambda: "Watching" in coach.show(UNIT, "StatusText")["StatusText"], 60, "the first round")
    told = coach.run(f"{PROGRAM}/bin/client-monitor doctor --format json", check=False)
    checks = {check["check"]: check for check in json.loads(told.stdout)["checks"]}
    assert told.returncode == 0, checks
    assert checks["unit"]["told"] == "Der Dienst läuft."
    assert "Ordner zum Einsortieren unter Monitor: 4" in checks["folders"]["told"]
    assert "Klienten: 1" in checks["configuration"]["told"]
    assert coach.run(f"find {STATE}/ -printf '%U\\n' | sort -u").stdout.split() == [uid]
    for secret in (IMAP_SECRET, SMTP_SECRET):
        assert (
            coach.run(
                f"grep -r {secret} /etc/client-monitor /etc/systemd/system/client-monitor* {STATE}/", check=False
            ).stdout
            == ""
        )
        assert secret not in said
    coach.run("rm /root/imap-password /root/smtp-password")


def test_the_journal_has_priorities_and_not_a_word_of_a_mail(coach: Coach) -> None:
    lines = coach.run(f"journalctl --no-pager -o json _SYSTEMD_UNIT={UNIT}").stdout
    assert {re.search(r'"PRIORITY":"(\d)"', line)[1] for line in lines.splitlines()} >= {"6"}  # type: ignore[index]

    everything = coach.run("journalctl --no-pager -o cat").stdout
    assert "service started" in everything
    for private in (IMAP_SECRET, SMTP_SECRET, CLIENT, COACH, SUBJECT, "Georg Prantl", OUTSIDE_ASK.splitlines()[2]):
        # The letterbox is started with its password; that line is systemd's own, and of the test.
        assert private not in everything.replace(LETTERBOX, "")


def test_uninstalled_as_documented_nothing_is_left(coach: Coach) -> None:
    told = (CHECKOUT / "docs" / "administration.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"## Uninstall\n\n```sh\n(.*?)```", told, re.DOTALL)

    coach.run("set -e\n" + block.replace("sudo ", ""))

    coach.run("rm -rf /var/lib/private/client-monitor-anna")
    coach.run("rm -rf /var/lib/client-monitor-anna /root/*.whl /root/.local")  # what only the tests have made
    left = coach.run("find / -xdev -iname '*client*monitor*' -not -path '/proc/*'").stdout.split()
    assert left == []
