"""Where a request carries its credential: the header now, a cookie with the console."""

from collections.abc import Mapping, Sequence

from chalicelib.errors import Unauthorized


def bearer(headers: Mapping[str, Sequence[str]]) -> str:
    """The text after `Bearer` (RFC 6750, 2.1); Unauthorized without it, or with two of them.

    `headers` have lower-case names and all their values.
    """
    values = headers.get("authorization", ())
    if len(values) != 1:
        raise Unauthorized
    scheme, _, text = values[0].partition(" ")
    text = text.strip()
    if scheme.lower() != "bearer" or not text:
        raise Unauthorized
    return text
