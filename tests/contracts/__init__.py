"""What every port promises; each class here is run on the fake and on the real adapter.

A module that subclasses one of them gives the fixture that it asks for: `stores` (all that is
kept in tables), `line`, `gauged`, `box`, `chute`, `post`, `passwords`, `tokens` or `cursors`;
on fakes in tests/unit/services, on moto in tests/integration, on emulators in tests/e2e and
tests/integration/localstack.
"""

from tests.contracts.access import AccessContract
from tests.contracts.api_keys import ApiKeysContract
from tests.contracts.audit import AuditTrailContract
from tests.contracts.batches import BatchesContract
from tests.contracts.caching import CacheEntriesContract
from tests.contracts.changes import ChangesContract
from tests.contracts.counters import CountersContract
from tests.contracts.dead_letters import DeadLettersContract
from tests.contracts.endings import EndingsContract
from tests.contracts.erasures import Chute, ErasuresContract
from tests.contracts.figures import FiguresContract
from tests.contracts.gauge import GaugeContract, Gauged
from tests.contracts.mail import Box, OutboxContract, Post, PostmanContract
from tests.contracts.one_time_tokens import OneTimeTokensContract
from tests.contracts.paging import CursorsContract
from tests.contracts.policies import PoliciesContract
from tests.contracts.power import PowerContract
from tests.contracts.prediction_pages import PredictionPagesContract
from tests.contracts.predictions import PredictionsContract
from tests.contracts.queue import Line, QueueContract
from tests.contracts.reader import ReaderContract
from tests.contracts.repairs import RepairsContract
from tests.contracts.results import ResultsContract
from tests.contracts.security import PasswordsContract, TokensContract
from tests.contracts.sessions import SessionsContract
from tests.contracts.stores import Stores
from tests.contracts.submissions import SubmissionsContract
from tests.contracts.switches import SwitchesContract
from tests.contracts.usage import UsageBookContract
from tests.contracts.users import UsersContract

__all__ = [
    "AccessContract",
    "ApiKeysContract",
    "AuditTrailContract",
    "BatchesContract",
    "Box",
    "CacheEntriesContract",
    "ChangesContract",
    "Chute",
    "CountersContract",
    "CursorsContract",
    "DeadLettersContract",
    "EndingsContract",
    "ErasuresContract",
    "FiguresContract",
    "GaugeContract",
    "Gauged",
    "Line",
    "OneTimeTokensContract",
    "OutboxContract",
    "PasswordsContract",
    "PoliciesContract",
    "Post",
    "PostmanContract",
    "PowerContract",
    "PredictionPagesContract",
    "PredictionsContract",
    "QueueContract",
    "ReaderContract",
    "RepairsContract",
    "ResultsContract",
    "SessionsContract",
    "Stores",
    "SubmissionsContract",
    "SwitchesContract",
    "TokensContract",
    "UsageBookContract",
    "UsersContract",
]
