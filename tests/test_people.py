"""Who may do what, what is written down of an answer, and for how long."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.audit import answer_entry, as_csv, as_json_lines, opinion_entry
from app.journal import Journal
from app.launch import check_address
from app.model_setting import put_endpoint
from app.people import Roles, local_person, person_of, read_roles
from app.preferences import Preferences, preferences_in
from rag.errors import SettingsError
from tests import responses

ROLES = Roles(frozenset({"kim@hospital.example"}), frozenset({"librarians"}))

CLAIMS = [
    ({"email": "Kim@Hospital.example"}, "librarian"),
    ({"email": "kim@hospital.example", "email_verified": False}, "reader"),
    ({"email": "lee@hospital.example"}, "reader"),
    ({"email": "lee@hospital.example", "groups": ["staff", "librarians"]}, "librarian"),
    ({"sub": "17"}, "reader"),
    ({"groups": "librarians"}, "librarian"),
    ({}, "reader"),
]


@pytest.mark.parametrize(("claims", "role"), CLAIMS)
def test_roles_come_from_the_address_or_the_group(claims: dict[str, object], role: str) -> None:
    assert person_of(claims, ROLES).role == role


def test_a_person_is_shown_by_name_and_logged_by_address() -> None:
    person = person_of({"sub": "1", "email": "lee@hospital.example", "name": "Dr Lee"}, ROLES)
    assert (person.id, person.name) == ("lee@hospital.example", "Dr Lee")
    assert local_person("you").librarian


def test_a_sign_in_file_without_a_provider_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sign_in.toml"
    for text, said in (("[roles]\n", r"\[auth\]"), ("not toml [", "cannot be read")):
        file.write_text(text)
        with pytest.raises(SettingsError, match=said):
            read_roles(file)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_roles(tmp_path / "nowhere.toml")
    file.write_text('[auth]\nclient_id = "x"\n[roles]\nlibrarians = ["Kim@Hospital.example"]\n')
    assert read_roles(file).librarians == {"kim@hospital.example"}


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7", "radcite.example"])
def test_an_open_address_needs_sign_in(address: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="RADCITE_SIGN_IN"):
        check_address(address, None)
    check_address(address, tmp_path / "sign_in.toml")


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_the_loopback_address_needs_none(address: str) -> None:
    check_address(address, None)


def test_the_log_is_appended_to_and_forgets_whole_months(tmp_path: Path) -> None:
    log = Journal(tmp_path / "logs", "audit", days=60)
    log.append({"n": 1}, datetime(2026, 1, 31, tzinfo=UTC))
    log.append({"n": 2}, datetime(2026, 2, 1, tzinfo=UTC))
    log.append({"n": 3}, datetime(2026, 2, 2, tzinfo=UTC))
    assert [row["n"] for row in log.read().rows] == [1, 2, 3]
    log.append({"n": 4}, datetime(2026, 4, 20, tzinfo=UTC))
    assert [row["n"] for row in log.read().rows] == [2, 3, 4]
    assert oct((tmp_path / "logs" / "audit-2026-04.jsonl").stat().st_mode)[-3:] == "600"


def test_a_broken_line_is_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    log = Journal(tmp_path, "audit", days=60)
    log.append({"n": 1})
    with log.files()[0].open("a") as file:
        file.write('{"n": 2, "cut\n[1]\n')
    log.append({"n": 3})
    read = log.read()
    assert [row["n"] for row in read.rows] == [1, 3]
    assert read.damaged == 2


def test_a_log_that_is_off_writes_nothing(tmp_path: Path) -> None:
    Journal(tmp_path / "logs", "audit", days=0).append({"n": 1})
    assert not (tmp_path / "logs").exists()


@pytest.mark.parametrize("response", responses.ALL)
def test_an_answer_is_written_down_with_its_evidence_and_no_identifier(
    response: responses.Response,
) -> None:
    from dataclasses import replace

    asked = replace(response, question="MRN: 8812345, 9 mm solid nodule, kim@home.example")
    entry = answer_entry(asked, "lee", "s1")
    said = json.dumps(entry)
    assert "8812345" not in said and "kim@home.example" not in said
    assert entry["evidence"] == [item.passage.id for item in response.evidence]
    assert entry["outcome"] in ("answer", "refusal", "needs_details")
    opinion = opinion_entry(asked, "lee", False, "wrong", "DOB: 1961-04-02, too late")
    assert "1961" not in json.dumps(opinion)


def test_exports_are_plain_and_never_formulas() -> None:
    rows: list[dict[str, object]] = [{"a": "=1+1", "b": ["x"]}, {"a": "plain", "c": None}]
    table = as_csv(rows)
    assert table.splitlines()[0] == "a,b,c"
    assert "'=1+1" in table
    assert [json.loads(line) for line in as_json_lines(rows).splitlines()] == rows


def test_the_endpoint_is_one_line_of_the_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "radcite.env"
    file.write_text("RADCITE_PASSAGES=6\nRADCITE_LLM_URL=http://old:1/v1\n")
    put_endpoint("http://127.0.0.1:8000/v1", file)
    assert file.read_text() == "RADCITE_PASSAGES=6\nRADCITE_LLM_URL=http://127.0.0.1:8000/v1\n"
    put_endpoint("", file)
    assert "LLM_URL" not in file.read_text()
    for wrong in ("ftp://x", "http://a b", "http://x\nRADCITE_CORPUS=/", "javascript:alert(1)"):
        with pytest.raises(SettingsError, match="no address"):
            put_endpoint(wrong, file)


COOKIES = [
    ("", "", "auto", Preferences()),
    ("", "ko-KR", "auto", Preferences("ko")),
    ("", "ko-KR", "en", Preferences("en")),
    ("language=en", "ko-KR", "ko", Preferences("en")),
    ("theme=Light&size=large&language=ko", "", "auto", Preferences("ko", "Light", "large")),
    ("theme=<script>&size=9&language=xx", "", "auto", Preferences()),
]


@pytest.mark.parametrize(("cookie", "locale", "setting", "wanted"), COOKIES)
def test_preferences_are_read_from_a_cookie_that_anyone_may_have_written(
    cookie: str, locale: str, setting: str, wanted: Preferences
) -> None:
    assert preferences_in(cookie, locale, setting) == wanted


def test_the_months_of_two_logs_do_not_mix(tmp_path: Path) -> None:
    Journal(tmp_path, "audit", 30).append({"n": 1})
    Journal(tmp_path, "feedback", 30).append({"n": 2})
    assert [row["n"] for row in Journal(tmp_path, "audit", 30).read().rows] == [1]
    assert all(re.fullmatch(r"\w+-\d{4}-\d\d\.jsonl", p.name) for p in tmp_path.iterdir())
