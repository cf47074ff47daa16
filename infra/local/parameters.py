"""The settings of a local Lambent that the environment of `up` may choose: `NAME=… ./run.sh up`."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.local.errors import UnknownValue

PARAMETERS = {
    "ACCESS_TOKEN_SECONDS": "AccessTokenSeconds",
    "REFRESH_IDLE_SECONDS": "RefreshIdleSeconds",
    "SESSION_SECONDS": "SessionSeconds",
    "ONE_TIME_TOKEN_SECONDS": "OneTimeTokenSeconds",
    "MINIMUM_PASSWORD_LENGTH": "MinimumPasswordLength",
    "WAIT_MAX": "WaitMax",
    "REQUIRE_VERIFICATION": "RequireVerification",
    "ADDRESS_LIMIT_FACTOR": "AddressLimitFactor",
    "MAIL_SENDER": "MailSender",
}
"""Variable by variable, the parameter of the template that it sets."""
LOCALLY: Mapping[str, str] = {
    "AddressLimitFactor": "100",  # here everybody comes from one address
    "MailSender": "lambent@example.com",  # the emulator catches what it sends
}
"""Where the default on this machine is not the template's."""

Declared = Mapping[str, Mapping[str, Any]]


def chosen(environ: Mapping[str, str], declared: Declared) -> dict[str, str]:
    """The parameters that are not the template's defaults; UnknownValue where one is no value."""
    given = {
        parameter: _value(name, environ[name], declared[parameter])
        for name, parameter in PARAMETERS.items()
        if name in environ
    }
    return {**LOCALLY, **given}


def declared_in(template: Path) -> Declared:
    """What a template says of its parameters, its own tags unread."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Takes CloudFormation's tags for nothing."""

    Loader.add_multi_constructor("!", lambda *_: None)
    document = yaml.load(template.read_bytes(), Loader)  # a SafeLoader  # nosec B506
    found: Declared = document["Parameters"]
    return found


def _value(name: str, text: str, declaration: Mapping[str, Any]) -> str:
    if re.fullmatch(declaration["AllowedPattern"], text) is None:
        raise UnknownValue(name, text, declaration["ConstraintDescription"])
    return text
