"""The account, region and endpoint that a deployment talks to."""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

LOCAL_ACCESS_KEY = "test"  # the emulators take any; this one maps to account 000000000000
LOCAL_REGION = "us-east-1"


@dataclass(frozen=True)
class Cloud:
    """Makes clients; without an endpoint they are AWS's own."""

    session: boto3.Session
    endpoint: str | None = None

    @classmethod
    def local(cls, endpoint: str) -> "Cloud":
        """An emulator, without a look at the developer's own AWS settings."""
        session = boto3.Session(
            aws_access_key_id=LOCAL_ACCESS_KEY,
            aws_secret_access_key=LOCAL_ACCESS_KEY,
            region_name=LOCAL_REGION,
        )
        return cls(session, endpoint)

    @property
    def is_emulator(self) -> bool:
        """Whether one person has it to himself, and a stack cut off there has nobody at work."""
        return self.endpoint is not None

    @property
    def patience(self) -> float:
        """Seconds without an event after which nobody is thought to be at work on a stack."""
        return 3.0 if self.is_emulator else 60.0

    def client(self, service: str) -> Any:
        """A client of the service, as boto3 makes it."""
        config = Config(
            connect_timeout=5,
            retries={"mode": "standard", "max_attempts": 5},
            s3={"addressing_style": "path"} if self.is_emulator else None,
        )
        make: Any = self.session.client
        return make(service, endpoint_url=self.endpoint, config=config)
