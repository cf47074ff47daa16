"""Who is calling: a token's claims against the living user and session."""

from chalicelib.domain.users import Caller, Claims, holds
from chalicelib.errors import Forbidden, Unauthorized
from chalicelib.services.ports import Clock, Reader, Snapshot, Wanted


class Authentication:
    """Turns claims into a caller, together with what else the request needs to know."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    def look(self, claims: Claims, wanted: Wanted) -> tuple[Caller, Snapshot]:
        """The caller and what is wanted, in one read; Unauthorized if the session has ended."""
        found = self._reader.read(claims, wanted)
        if not found.user or not found.session:
            raise Unauthorized
        if not holds(claims, found.user, found.session, self._clock()):
            raise Unauthorized
        return Caller(found.user, found.session), found

    def caller(self, claims: Claims) -> Caller:
        """The caller alone."""
        return self.look(claims, Wanted())[0]

    def superuser(self, claims: Claims) -> Caller:
        """The caller, who must be a superuser."""
        caller = self.caller(claims)
        if not caller.user.is_superuser:
            raise Forbidden
        return caller
