"""Choosing a password."""

from chalicelib.domain.accounts.passwords import normal_form, password_fault
from chalicelib.errors import WeakPassword
from chalicelib.services.ports.security import Passwords


class PasswordChoice:
    """The one way in which a password gets into an account."""

    def __init__(self, passwords: Passwords, minimum: int) -> None:
        self._passwords = passwords
        self._minimum = minimum

    def hashed(self, password: str, email: str, code: str) -> str:
        """The hash of an acceptable password; else WeakPassword with this code."""
        secret = normal_form(password)
        if fault := password_fault(secret, email, self._minimum):
            raise WeakPassword(fault, code)
        return self._passwords.hash(secret)

    def matches(self, password: str, hashed: str | None) -> bool:
        """Whether it is the one; it costs the same without a hash."""
        return self._passwords.verify(normal_form(password), hashed)

    def rehashed(self, password: str) -> str:
        """The hash of a password that was accepted before."""
        return self._passwords.hash(normal_form(password))
