"""Hostile requests to every route, by every kind of caller: none gets a 5xx or learns anything.

A failure prints the seed and the request. The same ones come again by
`FUZZ_SEED=… ./run.sh test tests/integration/test_fuzz.py`, more of them by `FUZZ_REQUESTS=…`.
"""

import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from io import StringIO
from itertools import product
from random import Random

import pytest

from app import app
from chalicelib.adapters.accounts.signing import KeyRing
from chalicelib.adapters.accounts.tokens import JwtTokens
from chalicelib.adapters.cursors import SignedCursors
from chalicelib.adapters.results import ResultTable
from chalicelib.api import wiring
from chalicelib.api.composition import Services
from chalicelib.api.openapi.document import document
from chalicelib.domain.access import Policy
from chalicelib.settings import settings
from tests.fuzz.operations import Asked, Operation, operations
from tests.fuzz.requests import Fuzzer
from tests.fuzz.scene import CALLERS, Scene
from tests.fuzz.verdict import Answered, faults
from tests.ground import Ground
from tests.integration.cloud import Cloud
from tests.integration.permissions import Ask, asked, granted
from tests.world import World

# Tracing each line would double their time, and every line has a test of its own.
pytestmark = pytest.mark.no_cover

SEED = int(os.environ.get("FUZZ_SEED", "20261123"))
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "20000"))
ON_TABLES = REQUESTS // 50
"""Of them again on the adapters, which take twenty times as long."""
KEY = "a random string that CloudFormation made"
Around = Callable[[], AbstractContextManager[None]]
TOURS = 3
"""Of which one mostly sees all that is needed; what is never needed is not seen in any."""
UNSEEN = "secretsmanager:"
"""What is read before the first request."""
CURSOR = re.compile(r'"next_cursor": ?"([^"]+)"')


class Campaign:
    """So many requests of one seed, and what came of them; each is answered within `around`."""

    def __init__(self, ground: Ground, log: StringIO, around: Around = nullcontext) -> None:
        self.reached: Counter[str] = Counter()
        self.slowest = (0.0, "")
        self._ground, self._log, self._around = ground, log, around
        self._catalogue = wiring.catalogue()
        self._document = document(app, list(self._catalogue), base_url="")
        self.operations = operations(app, self._document)

    def run(self, requests: int) -> "Campaign":
        """Each operation by each caller in turn, and the pages of lists; a fault ends it."""
        chance = Random(SEED)
        fuzzer, turns = Fuzzer(self._document, chance), self._turns(chance)
        self._scene = Scene(self._ground, self._catalogue, chance)
        further: list[tuple[str, Asked]] = []
        for number in range(requests):
            if further:
                caller, asked = further.pop()
            else:
                operation, caller = next(turns)
                asked = fuzzer.ask(operation, caller, self._scene)
            answered = self._ask(number, caller, asked, chance)
            if answered.status < 400 and (cursor := CURSOR.search(answered.text)):
                further = [(caller, fuzzer.next_page(asked, cursor[1]))]
        return self

    def tour(self, seed: int) -> None:
        """Each operation as it should be, thrice, and lists by each of their parameters alone."""
        chance = Random(seed)
        fuzzer = Fuzzer(self._document, chance)
        self._scene = Scene(self._ground, self._catalogue, chance)
        reading = [each for each in self.operations if each.method == "GET"]
        changing = [each for each in self.operations if each.method != "GET"]
        turns = [(each, only) for each in reading for only in ("", *each.queried)]
        turns += [(each, "") for each in sorted(changing * 3, key=_removes)]
        for (operation, only), caller in product(turns, ("a user", "a superuser")):
            asked = fuzzer.proper(operation, caller, self._scene, only)
            if self._answer(asked, self._scene).status == 401:  # an earlier one was their end
                self._scene = Scene(self._ground, self._catalogue, chance)
                asked = fuzzer.proper(operation, caller, self._scene, only)
                self._answer(asked, self._scene)

    def _ask(self, number: int, caller: str, asked: Asked, chance: Random) -> Answered:
        answered = self._answer(asked, self._scene)
        self._check(number, caller, asked, answered)
        if answered.status < 400:
            self.reached[asked.operation.name] += 1
            if _spends(asked):
                self._scene = Scene(self._ground, self._catalogue, chance)
        return answered

    def _turns(self, chance: Random) -> Iterator[tuple[Operation, str]]:
        turns = [*product(self.operations, CALLERS)]
        while True:
            chance.shuffle(turns)
            yield from turns

    def _answer(self, asked: Asked, scene: Scene) -> Answered:
        sent, began = asked.event(), time.process_time()
        with self._around():
            answer = app(sent, None)
        took = time.process_time() - began
        self.slowest = max(self.slowest, (took, asked.operation.name))
        return Answered(
            asked.operation.route,
            answer["statusCode"],
            answer["headers"],
            answer["body"],
            scene.secrets,
        )

    def _check(self, number: int, caller: str, asked: Asked, answered: Answered) -> None:
        found = faults(answered)
        said = self._log.getvalue()
        self._log.seek(0)
        self._log.truncate()
        found += [f"logged a secret: {each[:6]}…" for each in answered.secrets if each in said]
        if found:
            raise AssertionError(
                f"FUZZ_SEED={SEED}, request {number} by {caller}: {asked.operation.name}\n"
                f"{found}\n{json.dumps(asked.event())[:4000]}\n"
                f"{answered.status} {answered.headers}\n{answered.text[:2000]}\n{said[-4000:]}"
            )


def _removes(operation: Operation) -> bool:
    """Whether others would find less after it."""
    return operation.method == "DELETE"


def _spends(asked: Asked) -> bool:
    """Whether it may be the end of a caller, or of what the next one would ask for."""
    told = asked.operation
    return told.method in ("PATCH", "PUT", "DELETE") or "/auth/" in told.route


@pytest.fixture
def served() -> Iterator[Callable[[Services], None]]:
    """Serves from these, until the end of the test."""
    settings.cache_clear()
    yield wiring.use
    wiring.use(None)
    settings.cache_clear()


@pytest.fixture
def in_memory(served: Callable[[Services], None]) -> Ground:
    """The fakes, but for tokens and cursors: these are read before anything else."""
    ring = KeyRing(lambda: {"current": KEY})
    # The limits by address are out of the way: everything comes from one.
    world = World(wiring.catalogue(), address_limit_factor=100_000)
    ports = replace(
        world.ports(),
        tokens=JwtTokens(ring, 900),
        cursors=SignedCursors(ring),
        public_keys=ring.jwks,
    )
    served(Services(ports, world.catalogue, world.settings))
    return Ground(ports, world.results)


@pytest.fixture
def in_tables(cloud: Cloud, served: Callable[[Services], None]) -> Ground:
    """Everything as it is deployed, on moto."""
    queues = dict.fromkeys(("light", "onnx"), cloud.settings.queues["light"])
    changes = {"address_limit_factor": 100_000, "queues": queues, "wait_max": 0}
    chosen = cloud.settings.model_copy(update=changes)
    ports = wiring.ports(chosen)
    ports.policies.add(Policy(1, "base", 1000, 30000))
    served(Services(ports, wiring.catalogue(), chosen))
    return Ground(ports, ResultTable(cloud.dynamodb, chosen))


def test_no_request_gets_a_5xx_or_learns_anything(in_memory: Ground, log: StringIO) -> None:
    campaign = Campaign(in_memory, log).run(REQUESTS)

    took, where = campaign.slowest
    print(f"{REQUESTS} requests of seed {SEED}; the slowest took {took * 1000:.0f} ms: {where}")
    names = {each.name for each in campaign.operations}
    assert names - campaign.reached.keys() == set(), "these were never reached"


def test_nor_does_one_that_is_answered_from_tables(in_tables: Ground, log: StringIO) -> None:
    campaign = Campaign(in_tables, log).run(ON_TABLES)

    assert sum(campaign.reached.values()) > ON_TABLES / 10


def test_the_role_of_the_api_allows_what_its_routes_need_and_nothing_else(
    in_tables: Ground, cloud: Cloud, log: StringIO
) -> None:
    needed: set[Ask] = set()

    @contextmanager
    def watched() -> Iterator[None]:
        """What a request asks of AWS, and nothing that the scene did."""
        cloud.wire.forget()
        yield
        needed.update(ask for ask in asked(cloud) if not ask[0].startswith(UNSEEN))

    allowed = {ask for ask in granted("ApiRole") if not ask[0].startswith(UNSEEN)}
    campaign = Campaign(in_tables, log, watched)
    for seed in range(TOURS):
        campaign.tour(seed)
        if needed >= allowed:
            break

    assert needed == allowed
