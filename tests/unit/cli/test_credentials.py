"""The file of seeded passwords."""

import json
import os
import stat
from pathlib import Path

import pytest

from infra.local.credentials import Credential, CredentialsFile
from infra.local.errors import CredentialsUnreadable

ADA = Credential("ada@example.com", "a long and private sentence", is_superuser=True)


@pytest.fixture
def file(tmp_path: Path) -> CredentialsFile:
    return CredentialsFile.below(tmp_path / "local")


def test_nobody_else_may_read_it(file: CredentialsFile) -> None:
    before = os.umask(0)
    try:
        file.add(ADA)
    finally:
        os.umask(before)

    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_it_is_a_list_of_addresses_and_passwords(file: CredentialsFile) -> None:
    file.add(ADA)

    assert json.loads(file.path.read_text()) == [
        {"email": ADA.email, "password": ADA.password, "is_superuser": True}
    ]


def test_another_one_keeps_those_that_are_there(file: CredentialsFile) -> None:
    file.add(ADA)
    file.add(Credential("bob@example.com", "another long sentence"))

    assert list(file.read()) == ["ada@example.com", "bob@example.com"]


def test_without_a_file_there_are_none(file: CredentialsFile) -> None:
    assert (file.read(), file.forget()) == ({}, False)


def test_no_password_is_minted_twice() -> None:
    minted = {Credential.minted("ada@example.com", is_superuser=False) for _ in range(20)}

    assert len(minted) == 20
    assert min(len(each.password) for each in minted) >= 32


def test_a_password_is_not_shown_by_accident() -> None:
    assert ADA.password not in repr(ADA)


@pytest.mark.parametrize("text", ["", "{}[", "[1]", '[{"email": "ada@example.com"}]', "null"])
def test_a_spoilt_file_is_told(file: CredentialsFile, text: str) -> None:
    file.path.parent.mkdir()
    file.path.write_text(text)

    with pytest.raises(CredentialsUnreadable):
        file.read()
