"""Mails by Amazon SES."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import Client, available
from chalicelib.observability import logger

FINAL = {"InvalidParameterValue"}
"""What SES answers to an address that it cannot write to, however often it is asked."""


class SesPostman:
    """`ports.mail.Postman` on SES; of its first version, which emulators have."""

    def __init__(self, client: Client, sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, to: str, subject: str, text: str, html: str) -> None:
        """One call; a mail that SES will never take is logged and given up."""
        with available("mail service"), _final_refusals():
            self._client.send_email(
                Source=self._sender,
                Destination={"ToAddresses": [_wire_form(to)]},
                Message={
                    "Subject": _utf8(subject),
                    "Body": {"Text": _utf8(text), "Html": _utf8(html)},
                },
            )


@contextmanager
def _final_refusals() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in FINAL:
            raise
        logger.error("a mail was refused for good", reason=code)


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def _wire_form(address: str) -> str:
    """With its domain in ASCII, as SES wants it; its labels are valid by IDNA 2008 already."""
    name, _, domain = address.rpartition("@")
    return f"{name}@{'.'.join(map(_label, domain.split('.')))}"


def _label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
