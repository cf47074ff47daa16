"""The words of every mail, in plain text and HTML."""

from dataclasses import dataclass, field
from html import escape

from chalicelib.domain.accounts.letters import Kind, Letter

NOT_YOU = (
    "If this was not you, reset your password at once: it ends every session and API key. "
    "Then tell whoever runs this service."
)


@dataclass(frozen=True)
class Mail:
    """Ready to be sent."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


def written(letter: Letter, url: str, token: str = "", seconds: int = 0) -> Mail:
    """The mail for a letter; `url` is the API's, and `token` works for so many seconds."""
    subject, paragraphs = _words(letter, url, token, seconds)
    html = "".join(f"<p>{escape(each).replace(chr(10), '<br>')}</p>" for each in paragraphs)
    page = f'<!doctype html><html lang="en"><title>{escape(subject)}</title><body>{html}</body>'
    return Mail(subject, "\n\n".join(paragraphs) + "\n", page + "</html>")


def _words(letter: Letter, url: str, token: str, seconds: int) -> tuple[str, list[str]]:
    match letter.kind:
        case Kind.RESET:
            return "Reset your Lambent password", [
                "Somebody, we hope you, asked for a new password for this address.",
                f"Your token: {token}",
                f"It works once, for {_span(seconds)}. Send it with the password of your choice:",
                _request(f"{url}/v1/auth/reset-password", token, ', "password": "…"'),
                "If it was not you, do nothing: your password stays as it is.",
            ]
        case Kind.VERIFY:
            return "Verify your e-mail address for Lambent", [
                "Somebody, we hope you, wants to use Lambent with this address.",
                f"Your token: {token}",
                f"It works once, for {_span(seconds)}. Send it back:",
                _request(f"{url}/v1/auth/verify", token),
                "If it was not you, do nothing.",
            ]
        case Kind.PASSWORD_CHANGED:
            happened = "The password of your Lambent account was changed. All sessions have ended."
            return "Your Lambent password was changed", [happened, NOT_YOU]
        case Kind.EMAIL_CHANGED:
            return "Your Lambent e-mail address was changed", [
                "Your Lambent account has another e-mail address now; this was its address before.",
                "If this was not you, tell whoever runs this service at once.",
            ]
        case Kind.REFRESH_REUSED:
            return "A Lambent session was ended for your safety", [
                "A refresh credential of one of your sessions was used twice: somebody may have "
                "copied it. We have ended that session; sign in again.",
                NOT_YOU,
            ]
        case Kind.API_KEY_CREATED:  # pragma: no branch  # mypy knows that it is the last
            name = letter.facts.get("name", "")
            happened = f"An API key named “{name}” was made for your Lambent account."
            return "A new Lambent API key", [happened, NOT_YOU]


def _request(url: str, token: str, more: str = "") -> str:
    return f'POST {url}\nContent-Type: application/json\n\n{{"token": "{token}"{more}}}'


def _span(seconds: int) -> str:
    return f"{seconds // 60} minutes" if seconds >= 120 else f"{seconds} seconds"
