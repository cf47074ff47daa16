"""The settings of a running function, read once from its environment at first use."""

import os
from collections.abc import Mapping
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, Json

Queues = dict[str, dict[str, str]]


class Settings(BaseModel):
    """What the template, or `up`, decides; each field is an environment variable in capitals."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    environment: str = "local"
    public_url: str = ""
    """Base of every absolute link; empty: the address that the gateway was called by."""

    accounts_table: str = ""
    predictions_table: str = ""
    usage_table: str = ""
    catalogue_table: str = ""
    queues: Queues | Json[Queues] = {}
    """The address of each queue of jobs, by worker profile and kind: `interactive`, `bulk`."""
    signing_secret: str = ""
    audit_table: str = ""
    mail_queue_url: str = ""
    erasure_queue_url: str = ""

    mail_sender: str = ""
    """The address that mails come from; empty: no mail is sent."""

    visibility_timeout: int = 180
    """Seconds a message stays hidden; at least six times the worker's timeout."""

    wait_max: int = Field(10, ge=0, le=25)
    """Seconds that a request may wait for a result: API Gateway stops at 29."""

    access_token_seconds: int = 900
    session_seconds: int = 90 * 24 * 3600
    refresh_idle_seconds: int = 30 * 24 * 3600
    one_time_token_seconds: int = 3600
    minimum_password_length: int = 15
    require_verification: bool = False
    """Whether an address has to be proven before anything else can be done."""
    address_limit_factor: int = 1
    """Times the limits by source address: tests and bench come from one."""
    argon2_memory_kib: int = 19456
    argon2_iterations: int = 2
    argon2_lanes: int = 1

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings that these environment variables give."""
        return cls.model_validate({key.lower(): value for key, value in environ.items()})


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings.read(os.environ)
