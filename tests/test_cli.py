"""The command line as a user meets it: what is printed, where, and with which exit status."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.batch import InputLine, answer_lines
from app.cli import main
from app.doctor import age, required
from rag.errors import QuestionError
from rag.types import Response
from tests import responses

SOLID = "9 mm solid nodule on a baseline screening CT"
GROWTH = "What counts as growth in Lung-RADS?"
RADCITE = str(Path(sys.executable).parent / "radcite")


def run(*arguments: str, stdin: str | bytes | None = None, home: Path | None = None) -> Result:
    env = {"RADCITE_HOME": str(home)} if home else {}
    return CliRunner().invoke(main, list(arguments), input=stdin, env=env)


def test_a_category_question_is_answered_without_an_index() -> None:
    done = run("ask", SOLID)
    assert done.exit_code == 0, done.output
    first = done.stdout.splitlines()[0]
    assert first.startswith("Lung-RADS 4A: LDCT at 3 months")
    assert "[1]" in first
    assert "Lung-RADS v2022" in done.stdout
    assert "No model used" in done.stdout
    assert "\x1b" not in done.stdout


def test_json_has_the_promised_shape() -> None:
    answer = json.loads(run("ask", SOLID, "--json").stdout)
    assert answer["outcome"] == "answer"
    assert answer["route"] == "category"
    assert answer["decision"]["guideline"] == "lung_rads_v2022"
    assert answer["decision"]["category"] == "4A"
    assert answer["evidence"][0]["n"] == 1
    assert answer["mode"] == "evidence"


ASKED = [
    (("--guideline", "no_such"), "no_such"),
    ((), "radcite ingest"),
]


@pytest.mark.parametrize(("arguments", "said"), ASKED)
def test_what_cannot_be_asked_is_one_sentence(arguments: tuple[str, ...], said: str) -> None:
    done = run("ask", GROWTH, *arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("radcite: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_debug_shows_where_it_failed() -> None:
    done = run("--debug", "ask", GROWTH)
    assert done.exit_code != 0
    assert done.exception is not None


USAGE = [
    (("ask",), "give a question"),
    (("ask", "x", "--jsonl", "-"), "not both"),
    (("ask", "--jsonl", "/no/such/file"), "cannot read"),
    (("no-such-command",), "No such command"),
]


@pytest.mark.parametrize(("arguments", "said"), USAGE)
def test_wrong_usage_is_said(arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_many_questions_are_answered_in_order() -> None:
    lines = [
        {"id": "a", "question": SOLID, "expected": "ignored"},
        {"question": "new 5 mm solid nodule on annual screening", "guideline": "lung_rads_v2022"},
        {"id": 7, "question": "25 mm ground-glass nodule at baseline"},
    ]
    done = run("ask", "--jsonl", stdin="\n".join(map(json.dumps, lines)) + "\n\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", 2, 7]
    assert [answer["decision"]["category"] for answer in answers] == ["4A", "3", "2"]
    assert done.exit_code == 0


MALFORMED = [
    (b"not json", "not JSON"),
    (b"[1]", "not a JSON object"),
    (b'{"id": "x"}', "question: field required"),
    (b'{"id": "x", "question": 3}', "question: input should be a valid string"),
    (b'{"id": "x", "question": " "}', "question is empty"),
    (b'{"id": "x", "question": "a", "guideline": 3}', "guideline"),
    (b"\xff\xfe", "not UTF-8"),
    (b'{"id": {}, "question": "a"}', "id"),
]


@pytest.mark.parametrize(("line", "said"), MALFORMED)
def test_a_malformed_line_fails_in_its_place(line: bytes, said: str) -> None:
    good = json.dumps({"id": "good", "question": SOLID}).encode()
    done = run("ask", "--jsonl", stdin=b"\n".join([good, line, good]))
    first, failed, last = [json.loads(text) for text in done.stdout.splitlines()]
    assert first["decision"] == last["decision"]
    assert set(failed) == {"id", "error"}
    assert said.lower() in failed["error"].lower()
    assert failed["error"].startswith("line 2: ")
    assert done.exit_code == 1


def test_batch_lines_hand_on_guideline_and_history() -> None:
    seen: list[InputLine] = []

    def ask(line: InputLine) -> Response:
        seen.append(line)
        return responses.CATEGORY

    lines = [
        b'{"question": "a", "history": ["b"], "guideline": ["x", "y"]}',
        b'{"question": "c"}',
    ]
    assert all(out.good for out in answer_lines(lines, ask, restrict=("z",)))
    assert [(line.guidelines, line.history) for line in seen] == [(("x", "y"), ["b"]), (("z",), [])]


def test_one_unanswerable_question_does_not_stop_the_rest() -> None:
    def ask(line: InputLine) -> Response:
        if line.question == "bad":
            raise QuestionError("cannot be asked")
        return responses.CATEGORY

    outs = list(answer_lines([b'{"question": "bad"}', b'{"question": "good"}'], ask))
    assert [out.good for out in outs] == [False, True]
    assert json.loads(outs[0].text) == {"id": 1, "error": "line 1: cannot be asked"}


def test_a_category_question_imports_nothing_slow() -> None:
    program = (
        "import sys\n"
        "from app.cli import main\n"
        f"main(['ask', {SOLID!r}], standalone_mode=False)\n"
        "slow = {'torch', 'chromadb', 'transformers', 'streamlit', 'langchain_core', 'numpy', 'openai'}\n"
        "sys.exit(' '.join(sorted(slow & set(sys.modules))) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Lung-RADS 4A" in done.stdout


def test_a_reader_who_leaves_early_is_no_error() -> None:
    lines = "\n".join(json.dumps({"question": SOLID}) for _ in range(50))
    command = f"'{RADCITE}' ask --jsonl | head -n 1"
    done = subprocess.run(["sh", "-c", command], input=lines, capture_output=True, text=True)
    assert json.loads(done.stdout)["outcome"] == "answer"
    assert done.stderr == ""


def test_interrupting_is_quiet() -> None:
    # A shell that starts the tests in the background has interrupts ignored, also by what they start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        [RADCITE, "ask", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as asked:
        signal.signal(signal.SIGINT, before)
        assert asked.stdin and asked.stdout and asked.stderr
        asked.stdin.write(json.dumps({"question": SOLID}).encode() + b"\n")
        asked.stdin.flush()
        assert json.loads(asked.stdout.readline())["outcome"] == "answer"
        asked.send_signal(signal.SIGINT)
        assert asked.wait(timeout=20) == 130
        assert asked.stderr.read().strip() == b""


def test_ingest_says_what_it_did_and_doctor_what_is_there(built_home: Path) -> None:
    done = run("ingest", home=built_home)
    assert done.exit_code == 0, done.output
    assert "Nothing to do" in done.stdout
    assert "unchanged" in done.stdout
    health = run("doctor", home=built_home)
    assert health.exit_code == 0, health.output
    assert "all-MiniLM-L6-v2-384" in health.stdout
    assert "missing" not in health.stdout


def test_doctor_names_the_command_that_mends(tmp_path: Path) -> None:
    done = run("doctor", home=tmp_path)
    assert done.exit_code == 1
    assert "mend: radcite ingest" in done.stdout


def test_doctor_reports_a_dead_endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADCITE_LLM_URL", "http://127.0.0.1:9/v1")
    done = run("doctor", home=tmp_path)
    assert "http://127.0.0.1:9/v1" in done.stdout


def test_documents_come_and_go_and_one_that_fails_is_named(
    tmp_path: Path, built_home: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(built_home, home)
    broken, note = tmp_path / "broken.pdf", tmp_path / "knee.md"
    broken.write_bytes(b"%PDF-1.4 nothing")
    note.write_text("# Knee MR protocol\n\nSagittal proton density, 3 mm slices.\n", "utf-8")
    added = run("library", "add", str(broken), str(note), home=home)
    assert added.exit_code == 1, added.output
    assert re.search(r"^Failed +broken\.pdf: ", added.stdout, re.MULTILINE)
    assert re.search(r"^Added +knee\.md", added.stdout, re.MULTILINE)
    assert "knee.md" in run("library", "list", home=home).stdout
    assert "3 mm" in run("ask", "Which slice thickness in the knee MR protocol?", home=home).stdout
    assert "Stored" in run("library", "show", "knee.md", home=home).stdout
    assert run("library", "remove", "knee.md", home=home).exit_code == 0
    assert "No documents yet" in run("library", "list", home=home).stdout
    assert run("library", "show", "knee.md", home=home).exit_code == 2


def test_the_corpus_is_listed_shown_compared_and_checked(tmp_path: Path) -> None:
    listed = run("corpus", "list").stdout
    assert re.search(r"^lung_rads_v2022 +Lung-RADS v2022, .*2022, current$", listed, re.MULTILINE)
    assert "superseded by Lung-RADS v2022" in listed
    shown = run("corpus", "show", "lung_rads_v2022").stdout
    assert "more than 1.5 mm" in shown
    assert "Decision table: Solid nodules" in shown
    compared = run("corpus", "diff", "k_tirads_2016", "k_tirads_2021").stdout
    assert compared.startswith("K-TIRADS 2016 and K-TIRADS 2021")
    assert run("corpus", "show", "no_such").exit_code == 2
    assert run("corpus", "diff", "no_such", "k_tirads_2021").exit_code == 2
    empty = run("corpus", "check", str(tmp_path))
    assert empty.exit_code == 1
    assert "faults" in empty.stdout


def test_a_text_question_is_answered_from_the_index(built_home: Path) -> None:
    done = run("ask", GROWTH, home=built_home)
    assert done.exit_code == 0, done.output
    assert "1.5 mm" in done.stdout
    assert "12-month" in done.stdout


def test_version_and_help() -> None:
    assert run("--version").stdout.startswith("radcite ")
    for command in main.commands:
        shown = run(command, "--help")
        assert shown.exit_code == 0
        assert len(shown.stdout.splitlines()) > 4


def test_the_app_says_when_its_port_is_taken() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("app", "--no-browser", "--port", str(port))
    assert done.exit_code == 2
    assert f"radcite app --port {port + 1}" in done.stderr


AGES = [(0, "just now"), (59, "just now"), (60, "1 minute ago"), (7200, "2 hours ago"), (172_800, "2 days ago")]  # fmt: skip


@pytest.mark.parametrize(("seconds", "said"), AGES)
def test_ages_are_in_whole_units(seconds: int, said: str) -> None:
    now = datetime(2026, 1, 10, tzinfo=UTC)
    assert age((now - timedelta(seconds=seconds)).isoformat(), now) == said


def test_required_packages_are_names_only() -> None:
    assert {"click", "rich", "streamlit", "chromadb"} <= set(required())
    assert not [name for name in required() if not name.replace("-", "").replace("_", "").replace(".", "").isalnum()]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="needs a Unix terminal")
def test_colour_only_where_it_is_wanted() -> None:
    import pty

    def in_terminal(**more: str) -> bytes:
        parent, child = pty.openpty()
        env = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80"} | more
        subprocess.run([RADCITE, "ask", SOLID], stdout=child, stderr=child, env=env, check=True)
        os.close(child)
        shown = b""
        try:
            while chunk := os.read(parent, 4096):
                shown += chunk
        except OSError:
            pass
        os.close(parent)
        return shown

    assert b"\x1b[" in in_terminal()
    plain = in_terminal(NO_COLOR="1").decode()
    assert "\x1b[3" not in plain
    shown = re.sub(r"\x1b\[[0-9;]*m", "", plain)
    assert max(len(line) for line in shown.splitlines()) <= 80
