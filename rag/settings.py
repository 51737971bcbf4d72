"""Settings, read from ``RADCITE_*`` environment variables and an optional ``radcite.env`` file.

Nothing is read at import: call :func:`load_settings` once at an entry point and pass the value on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError

CORPUS = Path(__file__).resolve().parent.parent / "corpus"


class Settings(BaseSettings):
    """All settings with their defaults; each is set by ``RADCITE_<NAME>``."""

    model_config = SettingsConfigDict(
        env_prefix="RADCITE_", env_file="radcite.env", extra="ignore", frozen=True
    )

    home: Path = Field(
        default=Path("~/.local/share/radcite"),
        description="Folder for the passage index, added documents and local logs.",
    )
    corpus: Path = Field(default=CORPUS, description="Folder of the built-in guidelines.")
    chroma_url: str | None = Field(
        default=None, description="Chroma server (http://host:port) instead of the embedded store."
    )
    embedding_model: str = Field(
        default="all-MiniLM-L6-v2",
        description="Packaged default, or a local folder of a sentence-transformers model.",
    )
    entailment_model: Path | None = Field(
        default=None,
        description="Local folder of an entailment cross-encoder that reads a model's statements too.",
    )
    llm_url: str | None = Field(
        default=None, description="OpenAI-compatible endpoint, e.g. http://127.0.0.1:8000/v1."
    )
    llm_model: str | None = Field(
        default=None, description="Served model's name; asked of the endpoint when not set."
    )
    llm_api_key: str = Field(default="none", description="Key for the endpoint, if it wants one.")
    llm_timeout_s: float = Field(default=60.0, gt=0, description="Seconds a model call may take.")
    llm_max_tokens: int = Field(default=700, gt=0, description="Tokens a model answer may take.")
    llm_seed: int = Field(default=7, description="Seed sent with each model call.")
    llm_output: Literal["auto", "json", "numbered"] = Field(
        default="auto",
        description="Form of a model's output: JSON under a schema, or numbered lines; tried out when auto.",
    )
    llm_at_once: int = Field(default=4, ge=1, description="Model calls that may run at once.")
    llm_waiting: int = Field(
        default=16,
        ge=0,
        description="Questions that may wait for the model; others are not worded.",
    )
    answer_cache: int = Field(
        default=2000,
        ge=0,
        description="Worded answers kept, so that they stay the same; 0 keeps none.",
    )
    passages: int = Field(default=8, ge=1, le=50, description="Passages given to an answer.")
    document_megabytes: int = Field(default=200, ge=1, description="Megabytes a document may have.")
    document_pages: int = Field(default=5000, ge=1, description="Pages a document may have.")
    document_seconds: float = Field(
        default=180.0, gt=0, description="Seconds the reading of one document may take."
    )
    document_memory_mb: int = Field(
        default=2048,
        ge=256,
        description="Megabytes of memory the reading of one document may take.",
    )
    ocr: bool = Field(
        default=False,
        description="Run an installed ocrmypdf on PDF files that have no text layer.",
    )
    language: Literal["auto", "en", "ko"] = Field(
        default="auto", description="Answer language: auto, en or ko."
    )
    sign_in: Path | None = Field(
        default=None, description="File that names the identity provider and the librarians."
    )
    audit_days: int = Field(
        default=365, ge=0, description="Days the log of questions is kept; 0 keeps none."
    )

    @property
    def home_dir(self) -> Path:
        return self.home.expanduser()


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment; ``overrides`` win.

    Raises:
        SettingsError: a value is out of range; the message names the variable.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"setting RADCITE_{name.upper()}: {first['msg']}; correct or unset it"
        ) from error
