"""Argon2id by cryptography; the hashes are PHC strings that fastapi-users can read too."""

import os

from chalicelib.settings import Settings


class Argon2Passwords:
    """`ports.security.Passwords`; the default cost is OWASP's (m=19456, t=2, p=1)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def hash(self, password: str) -> str:
        """About 20 ms of CPU, by design."""
        # Imported here: only sign-ins and registrations need it.
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        argon2 = Argon2id(
            salt=os.urandom(16),
            length=32,
            iterations=self._settings.argon2_iterations,
            lanes=self._settings.argon2_lanes,
            memory_cost=self._settings.argon2_memory_kib,
        )
        return argon2.derive_phc_encoded(password.encode())

    def verify(self, password: str, hashed: str | None) -> bool:
        """Constant time; the work is done even when there is nothing to compare with."""
        from cryptography.exceptions import InvalidKey
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        if hashed is None:
            self.hash(password)
            return False
        try:
            Argon2id.verify_phc_encoded(password.encode(), hashed)
        except (InvalidKey, MemoryError, ValueError):  # wrong, absurdly costly, not a hash
            return False
        return True

    def is_outdated(self, hashed: str) -> bool:
        """Told by the parameters at its beginning."""
        cost = self._settings
        present = (
            f"$argon2id$v=19$m={cost.argon2_memory_kib},"
            f"t={cost.argon2_iterations},p={cost.argon2_lanes}$"
        )
        return not hashed.startswith(present)
