"""Who is calling: a credential against what is stored of it."""

from collections.abc import Callable, Sequence

from chalicelib.domain.accounts import api_keys
from chalicelib.domain.accounts.api_keys import ApiKey, Scope
from chalicelib.domain.accounts.callers import Caller, Credential, caller_of
from chalicelib.errors import Forbidden, ScopeMissing, Unauthorized, Unavailable
from chalicelib.observability import logger
from chalicelib.services.ports.accounts import ApiKeys
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.reading import Reader, Snapshot, Wanted
from chalicelib.services.ports.security import Tokens
from chalicelib.settings import Settings

Strategy = Callable[[str, int], Credential | None]
"""Reads the text that a transport brought; None if it is another strategy's to read."""


def by_api_key(text: str, now: int) -> Credential | None:
    """An API key; Unauthorized for one that is mistyped."""
    if not text.startswith(api_keys.PREFIX):
        return None
    if claims := api_keys.parse(text):
        return claims
    raise Unauthorized


def by_session_token(tokens: Tokens) -> Strategy:
    """An access token; Unauthorized for anything else."""
    return tokens.verify


class Authentication:
    """Turns credentials into callers, together with what else the request needs to know.

    What brings the text (a header now, a cookie later) is the API's; any of them goes with any
    of the strategies.
    """

    def __init__(
        self,
        strategies: Sequence[Strategy],
        reader: Reader,
        keys: ApiKeys,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self._strategies = strategies
        self._reader = reader
        self._keys = keys
        self._clock = clock
        self._needs_verification = settings.require_verification

    def identify(self, text: str) -> Credential:
        """The credential that a text is, not yet held against what is stored."""
        now = self._clock()
        for strategy in self._strategies:
            if credential := strategy(text, now):
                return credential
        raise Unauthorized

    def look(
        self, credential: Credential, wanted: Wanted, scope: Scope | None = None
    ) -> tuple[Caller, Snapshot]:
        """The caller and what is wanted, in one read.

        Unauthorized if the session or key has ended; Forbidden if an API key lacks the scope:
        without one, no key may come in.
        """
        found = self._reader.read(credential, wanted)
        caller = caller_of(credential, found.user, found.proof, self._clock())
        if caller is None:
            raise Unauthorized
        if self._needs_verification and not caller.user.is_verified:
            raise Forbidden
        if not caller.may(scope):
            raise ScopeMissing(f"The API key lacks the scope {scope}") if scope else Forbidden
        self._note_use(caller)
        return caller, found

    def caller(self, credential: Credential) -> Caller:
        """The caller alone, who signed in."""
        return self.look(credential, Wanted())[0]

    def superuser(
        self, credential: Credential, wanted: Wanted | None = None
    ) -> tuple[Caller, Snapshot]:
        """The caller, who must be a superuser, and what is wanted."""
        caller, found = self.look(credential, wanted or Wanted())
        if not caller.is_superuser:
            raise Forbidden
        return caller, found

    def _note_use(self, caller: Caller) -> None:
        now = self._clock()
        if isinstance(caller.proof, ApiKey) and caller.proof.is_use_to_note(now):
            try:
                self._keys.note_use(caller.proof, now)
            except Unavailable:
                logger.warning("the use of a key was not noted")
