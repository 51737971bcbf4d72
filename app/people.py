"""Who is reading, and what they may do.

With a sign-in file (``RADCITE_SIGN_IN``) everyone signs in at the hospital's identity provider
(OIDC, through Streamlit) and is a reader; librarians are named in the file. Without one radcite
listens on this machine only, and whoever sits at it may do everything.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.errors import SettingsError

Role = Literal["reader", "librarian"]

LOCAL = "local"
"""The name kept in logs where nobody signs in."""


@dataclass(frozen=True, slots=True)
class Person:
    """A reader; ``name`` is shown to them, ``id`` stands in the logs."""

    id: str
    name: str
    role: Role

    @property
    def librarian(self) -> bool:
        """Whether they may add, replace and remove documents and read the logs."""
        return self.role == "librarian"


@dataclass(frozen=True, slots=True)
class Roles:
    """Who is a librarian: by e-mail address, or by a group that the provider names."""

    librarians: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def of(self, claims: Mapping[str, object]) -> Role:
        """The role of a signed-in person; an address that the provider calls unverified is none."""
        address = str(claims.get("email") or "").casefold()
        verified = claims.get("email_verified") is not False
        named = bool(address) and verified and address in self.librarians
        grouped = bool(self.groups & set(_texts(claims.get("groups"))))
        return "librarian" if named or grouped else "reader"


def read_roles(path: Path) -> Roles:
    """The ``[roles]`` of a sign-in file.

    Raises:
        SettingsError: the file cannot be read, lacks ``[auth]``, or its roles are no lists of texts.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"sign-in file {path} cannot be read ({error}): correct it, or unset RADCITE_SIGN_IN"
        ) from error
    if not isinstance(data.get("auth"), dict):
        raise SettingsError(f"sign-in file {path} has no [auth] section: see README, Sign-in")
    roles = data.get("roles", {})
    librarians = _texts(roles.get("librarians")) if isinstance(roles, dict) else ()
    groups = _texts(roles.get("groups")) if isinstance(roles, dict) else ()
    return Roles(frozenset(name.casefold() for name in librarians), frozenset(groups))


def person_of(claims: Mapping[str, object], roles: Roles) -> Person:
    """The person that the provider's claims describe."""
    address, subject = str(claims.get("email") or ""), str(claims.get("sub") or "")
    known_as = address or str(claims.get("preferred_username") or "") or subject
    return Person(known_as, str(claims.get("name") or known_as), roles.of(claims))


def local_person(name: str) -> Person:
    """Whoever sits at this machine."""
    return Person(LOCAL, name, "librarian")


def _texts(value: object) -> tuple[str, ...]:
    """A list of texts as the provider or the file gives it; one text is a list of one."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Collection):
        return tuple(item for item in value if isinstance(item, str))
    return ()
