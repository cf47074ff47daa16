"""What the environment of `up` may choose, and how a value that is none is refused."""

from pathlib import Path

import pytest

from infra.build.contents import MERGE_TEMPLATE
from infra.local.errors import UnknownValue
from infra.local.parameters import LOCALLY, PARAMETERS, Declared, chosen, declared_in
from infra.workspace import ROOT
from tests.unit.cli.conftest import Run


@pytest.fixture(scope="module")
def declared() -> Declared:
    return declared_in(ROOT / MERGE_TEMPLATE)


def test_without_a_choice_only_what_is_different_on_this_machine_is_set(declared: Declared) -> None:
    assert chosen({"PATH": "/bin"}, declared) == {
        "AddressLimitFactor": "100",
        "MailSender": "lambent@example.com",
    }


def test_a_variable_sets_the_parameter_of_the_same_name(declared: Declared) -> None:
    assert all(name.title().replace("_", "") == each for name, each in PARAMETERS.items())
    assert chosen({"ACCESS_TOKEN_SECONDS": "2"}, declared)["AccessTokenSeconds"] == "2"


def test_a_choice_goes_before_the_local_default(declared: Declared) -> None:
    environ = {"ADDRESS_LIMIT_FACTOR": "1", "MAIL_SENDER": ""}

    assert chosen(environ, declared) == {"AddressLimitFactor": "1", "MailSender": ""}


def test_the_template_says_of_each_what_it_may_be_and_takes_its_own_defaults(
    declared: Declared,
) -> None:
    defaults = {name: declared[each]["Default"] for name, each in PARAMETERS.items()}

    assert chosen(defaults, declared).keys() == set(PARAMETERS.values())
    assert all("ConstraintDescription" in declared[each] for each in PARAMETERS.values())
    assert LOCALLY.keys() <= set(PARAMETERS.values())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ACCESS_TOKEN_SECONDS", ""),
        ("ACCESS_TOKEN_SECONDS", "0"),
        ("ACCESS_TOKEN_SECONDS", "1.5"),
        ("SESSION_SECONDS", "-1"),
        ("SESSION_SECONDS", "900\n"),
        ("REFRESH_IDLE_SECONDS", "٣"),
        ("ONE_TIME_TOKEN_SECONDS", "an hour"),
        ("MINIMUM_PASSWORD_LENGTH", "7"),
        ("WAIT_MAX", "26"),
        ("MINIMUM_PASSWORD_LENGTH", "65"),
        ("REQUIRE_VERIFICATION", "yes"),
        ("ADDRESS_LIMIT_FACTOR", "1e3"),
        ("MAIL_SENDER", "nobody"),
        ("MAIL_SENDER", "Lambent <lambent@example.com>"),
    ],
)
def test_what_the_template_would_refuse_is_refused_by_name(
    declared: Declared, name: str, text: str
) -> None:
    with pytest.raises(UnknownValue, match=f"^{name}="):
        chosen({name: text}, declared)


def test_up_refuses_it_before_anything_is_done(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUIRE_VERIFICATION", "yes")

    told = run("up")

    assert told.exit_code == 1
    assert "REQUIRE_VERIFICATION is 0 or 1." in told.stderr
    assert [path.name for path in (tmp_path / "local").iterdir()] == ["up.lock"]
