"""The configuration is checked as a whole, and told in the terms of the file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from monitor.config.configuration import build, find_file, load
from monitor.errors import ConfigurationError
from monitor.labels import Language, RequestType, Signal

CONTRACT = """
[coach]
name = "Jana Weber"
addresses = ["Jana@weber-coaching.example"]
language = "de"
timezone = "Europe/Berlin"
holidays = "DE-BY"

[mailbox]
host = "imap.example"
port = 993
security = "tls"
user = "jana"

[outbox]
host = "smtp.example"
port = 465
security = "tls"
user = "jana"
recipient = "jana@weber-coaching.example"

[digest]
day = "monday"
time = "07:00"

[store]
url = "sqlite:////var/lib/client-monitor/store.db"

[agreement]
included = []
reply_within_days = 1
sessions_per_month = 2
session_minutes = 60
notice_hours = 24
payment_days = 14
fee_per_month = 560
rhythm_days = 14
[agreement.office_hours]
mon = "09:00-18:00"
fri = "09:00-13:00"

[leeway]
scope_creep = 2

[[absence]]
from = 2026-08-03
to = 2026-08-21

[[client]]
name = "Georg Prantl"
addresses = ["georg@prantl.example", "gp@mobil.example"]
since = 2020-04-20
until = 2026-06-30
timezone = "Europe/Vienna"
motive = "a client after my heart"
[client.agreement]
included = ["extra_work"]
[client.leeway]
always_on = false
"""


def test_every_key_of_the_contract_is_understood(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(CONTRACT, encoding="utf-8")
    configuration = load(file)

    assert configuration.coach.addresses == {"jana@weber-coaching.example"}
    assert configuration.coach.language is Language.GERMAN
    assert (configuration.weekday, configuration.at) == (0, dt.time(7))
    assert configuration.coach.absences[0].last == dt.date(2026, 8, 21)
    georg = configuration.clients[0]
    assert georg.agreement.included == {RequestType.EXTRA_WORK}
    assert georg.agreement.rhythm_days == 14
    assert set(georg.agreement.office_hours) == {0, 4}
    assert georg.leeway[Signal.ALWAYS_ON] is False
    assert georg.leeway[Signal.SCOPE_CREEP] == 2
    assert configuration.client_of("gp@mobil.example") is georg


def test_a_company_domain_belongs_to_its_client() -> None:
    configuration = build(
        {
            "coach": {"name": "J", "addresses": ["j@x.example"]},
            "client": [
                {"name": "Firma", "addresses": ["@firma.example"]},
                {"name": "Eva", "addresses": ["eva@firma.example"]},
            ],
        }
    )

    eva, other = configuration.client_of("eva@firma.example"), configuration.client_of("max@firma.example")
    assert (eva and eva.name, other and other.name) == ("Eva", "Firma")
    assert configuration.client_of("max@other.example") is None


def test_all_problems_are_told_at_once_each_with_its_key() -> None:
    with pytest.raises(ConfigurationError) as caught:
        build(
            {
                "coach": {"name": "x", "addresses": ["nope"], "colour": 1, "holidays": "DE-XX", "timezone": "Berlin"},
                "mailbox": {"host": "imap.example", "user": "a", "security": "none"},
                "digest": {"day": "funday"},
                "leeway": {"scope_creep": -1},
                "agreement": {"office_hours": {"mon": "18:00-09:00"}},
                "client": [{"name": "A", "addresses": []}],
            }
        )

    told = str(caught.value)
    assert caught.value.exit_code == 78
    for key in (
        "coach.addresses[1]",
        "coach.colour",
        "coach.holidays",
        "coach.timezone",
        "mailbox",
        "digest.day",
        "leeway",
        "agreement.office_hours.mon",
        "client[1].addresses",
    ):
        assert f"{key}: " in told
    assert "9 problems" in told
    assert "\n" not in told


def test_a_secret_in_the_file_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"mailbox\.password: this key is not known"):
        build(
            {
                "coach": {"name": "x", "addresses": ["x@y.example"]},
                "mailbox": {"host": "h", "user": "u", "password": "geheim"},
            }
        )


def test_two_clients_cannot_share_an_address_nor_use_the_coachs() -> None:
    coach = {"name": "x", "addresses": ["x@y.example"]}
    with pytest.raises(ConfigurationError, match="share an address"):
        build({"coach": coach, "client": [{"name": n, "addresses": ["c@y.example"]} for n in "AB"]})
    with pytest.raises(ConfigurationError, match=r"coach\.addresses"):
        build({"coach": coach, "client": [{"name": "A", "addresses": ["x@y.example"]}]})


def test_broken_toml_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[coach\n", encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"not valid TOML.*line 1"):
        load(file)


def test_no_configuration_names_the_places_and_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CLIENT_MONITOR_CONFIG", raising=False)

    with pytest.raises(ConfigurationError, match="client-monitor setup"):
        find_file(None)
    monkeypatch.setenv("CLIENT_MONITOR_CONFIG", str(tmp_path / "mine.toml"))
    (tmp_path / "mine.toml").touch()
    assert find_file(None) == tmp_path / "mine.toml"


def test_minutes_of_goodwill_can_be_set_by_kind() -> None:
    configuration = build({"coach": {"name": "Jana", "addresses": ["jana@x.example"]}, "goodwill": {"extra_work": 30}})

    assert configuration.coach.goodwill_minutes[RequestType.EXTRA_WORK] == 30
    assert configuration.coach.goodwill_minutes[RequestType.INSTANT_ACCESS] == 10
    for wrong in ({"extra_work": -1}, {"extra_work": "lang"}, {"favours": 5}):
        with pytest.raises(ConfigurationError, match=r"goodwill\."):
            build({"coach": {"name": "Jana", "addresses": ["jana@x.example"]}, "goodwill": wrong})
