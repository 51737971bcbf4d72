"""One server for all tests here: vLLM on the CPU with SmolLM2-135M, as ``make llm`` starts it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from app import llm_environment, local_llm
from rag.settings import Settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    """Settings that point at the server; one that runs already is used and left running."""
    if not (llm_environment.is_installed() and llm_environment.MODEL_FOLDER.exists()):
        pytest.fail("the local model is not set up: run 'make test-llm', or 'make llm' first")
    running = local_llm.find_running()
    started = running or local_llm.start(free_port())
    try:
        yield Settings(
            llm_url=f"{started.url}/v1",
            llm_model=local_llm.MODEL,
            llm_timeout_s=float(os.environ.get("LLM_TEST_TIMEOUT_S", "120")),
            llm_max_tokens=300,
        )
    finally:
        if running is None:
            local_llm.stop()
