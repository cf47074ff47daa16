"""The sender of mail, for an emulator where nobody can click the link that would verify it."""

from typing import Any


def complete_sender(ses: Any, sender: str) -> list[str]:
    """Verify the sender unless that was done; which address this was. Without one, mail is off."""
    if not sender or sender in _verified(ses):
        return []
    ses.verify_email_identity(EmailAddress=sender)
    return [sender]


def _verified(ses: Any) -> set[str]:
    pages = ses.get_paginator("list_identities").paginate(IdentityType="EmailAddress")
    return {identity for page in pages for identity in page["Identities"]}
