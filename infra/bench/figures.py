"""Every figure that is measured, with its target: the one table of both."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """The worst value that is still good."""

    value: float
    at_least: bool = False

    def is_met(self, measured: float) -> bool:
        """Whether a measured value is as good."""
        return measured >= self.value if self.at_least else measured <= self.value


@dataclass(frozen=True)
class Figure:
    """One line of the table; missing the target of a `binding` one is a failure."""

    key: str
    title: str
    unit: str = ""
    digits: int = 0
    target: Target | None = None
    binding: bool = False

    def shown(self, value: float) -> str:
        """The value with its unit."""
        return f"{value:,.{self.digits}f} {self.unit}".rstrip()


def _calls(key: str, title: str, most: float, digits: int = 0) -> Figure:
    return Figure(f"calls.{key}", title, "", digits, Target(most), binding=True)


def _size(name: str, title: str, most: float | None = None) -> tuple[Figure, Figure]:
    limit = None if most is None else Target(most)
    zipped = Figure(f"size.{name}.zipped", f"{title}, zipped", "MB", 2, limit, binding=True)
    return zipped, Figure(f"size.{name}.unzipped", f"{title}, unzipped", "MB", 2)


def _most(key: str, title: str, unit: str, digits: int, most: float | None = None) -> Figure:
    return Figure(key, title, unit, digits, None if most is None else Target(most))


def _rate(key: str, title: str, least: float | None = None) -> Figure:
    target = None if least is None else Target(least, at_least=True)
    return Figure(key, title, "/s", 0, target)


def _told(route: str, title: str) -> tuple[Figure, Figure, Figure]:
    """Apart by 1 is by all that is allowed: 15 ms, or 10 % if that is more."""
    return (
        _most(f"told.{route}.known", f"{title}, known address, p50", "ms", 1),
        _most(f"told.{route}.unknown", f"{title}, unknown address, p50", "ms", 1),
        _most(f"told.{route}.apart", "… apart, in 15 ms or 10 %", "x", 2, 1),
    )


FIGURES = (
    _calls("submit", "AWS calls per submit", 3),
    _calls("read", "AWS calls per read", 1),
    _calls("submit.key", "AWS calls per submit with an API key", 3),
    _calls("read.key", "AWS calls per read with an API key", 1),
    _calls("batch", "AWS calls of a worker per batch of 10: results, and usage", 2),
    _calls("cacheable", "… more per cacheable prediction", 1),
    _calls("prediction", "AWS calls per prediction (batch of 10)", 3.2, digits=1),
    _calls("submit.keyed", "AWS calls per submit with an idempotency key", 3),
    _calls("submit.replay", "… of the same again", 2),
    _calls("submit.cacheable", "AWS calls per submit of a cacheable input", 3),
    _calls("submit.hit", "… answered from the cache", 2),
    _calls("submit.hit.messages", "… and messages that it sends", 0),
    _calls("submit.batch", "AWS calls per batch of 100", 16),
    _most("calls.login", "AWS calls per login", "", 0),
    _most("calls.login.failed", "AWS calls per login that fails", "", 0),
    _most("calls.refresh", "AWS calls per refresh", "", 0),
    *_size("api", "API", 14),
    *_size("worker", "Worker", 5),
    *_size("mailer", "Mailer"),
    *_size("eraser", "Eraser"),
    *_size("sweeper", "Sweeper"),
    *_size("undertaker", "Undertaker"),
    *_size("model", "Model layer"),
    *_size("model_deps", "Libraries of the light worker"),
    *_size("onnx_deps", "Libraries of the onnx worker"),
    *_size("layers", "Layers of the light worker", 25),
    _most("init.hello", "Init of a Chalice hello, CPU", "ms", 0),
    _most("init.api", "Init of the API, CPU", "ms", 0),
    _most("init.api.ratio", "… in Chalice hellos", "x", 1, 11),
    _most("init.worker", "Init of the worker, CPU", "ms", 0),
    _most("init.worker.ratio", "… in Chalice hellos", "x", 1, 10),
    _most("init.mailer", "Init of the mailer, CPU", "ms", 0),
    _most("init.eraser", "Init of the eraser, CPU", "ms", 0),
    _most("init.sweeper", "Init of the sweeper, CPU", "ms", 0),
    _most("init.undertaker", "Init of the undertaker, CPU", "ms", 0),
    _most("cpu.hello", "A bare Chalice route, CPU", "ms", 3),
    _most("cpu.submit", "Submit in process, CPU", "ms", 2, 1.9),
    _most("cpu.read", "Read in process, CPU", "ms", 2, 0.9),
    _most("cpu.login", "Login in process, CPU", "ms", 1, 30),
    _most("cpu.argon2id", "… of which one argon2id", "ms", 1),
    _most("cpu.refresh", "Refresh in process, CPU", "ms", 2),
    _most("cpu.worker.1", "Worker per message, alone, CPU", "µs", 0),
    _most("cpu.worker.10", "Worker per message, batch of 10, CPU", "µs", 0, 110),
    _most("cpu.worker.100", "Worker per message, batch of 100, CPU", "µs", 0, 60),
    _most("latency.close.p50", "Submit to result, back to back, p50", "ms", 1, 20),
    _most("latency.close.p95", "Submit to result, back to back, p95", "ms", 1),
    _most("latency.spaced.p50", "Submit to result, 100 ms between, p50", "ms", 1),
    _most("latency.spaced.p95", "Submit to result, 100 ms between, p95", "ms", 1),
    _rate("accepted.1", "Accepted, 1 client"),
    _rate("accepted.8", "Accepted, 8 clients", 140),
    _rate("accepted.32", "Accepted, 32 clients", 130),
    _most("accepted.1.cpu", "CPU per accepted, 1 client", "ms", 1),
    _most("accepted.8.cpu", "CPU per accepted, 8 clients", "ms", 1),
    _most("accepted.32.cpu", "CPU per accepted, 32 clients", "ms", 1),
    _most("accepted.8.functions", "… of the functions, without the emulator", "ms", 1),
    _most("clients.cpu", "CPU of the clients per request", "ms", 2),
    _rate("drain", "Drain of 2,000 queued", 1400),
    _most("waiting.p50", "Submit that waits for its result, p50", "ms", 1, 40),
    _most("waiting.p95", "Submit that waits for its result, p95", "ms", 1),
    _most("waiting.reads", "Reads of a second's wait", "", 0),
    _most("waiting.second.price", "A million seconds' waits", "$", 2),
    _most("waiting.poll.price", "A million polls", "$", 2),
    _most("batch.1000", "A batch of 1,000, all done", "s", 2, 2),
    Figure(
        "history.accepted",
        "Accepted after 100,000 earlier, of before",
        "%",
        target=Target(90, at_least=True),
    ),
    _most("history.cpu", "CPU of the functions per accepted after them, of before", "%", 0, 110),
    _most("history.latency", "Submit to result after them, p50, of before", "%", 0, 110),
    _most("memory", "Memory after 1,000 accepts", "MB", 0, 450),
    *_told("login", "Login, wrong password"),
    *_told("forgot", "Forgotten password"),
    *_told("verify", "Verification asked for"),
    _rate("beside.alone", "Accepted, 8 clients, nobody logs in"),
    _rate("beside.accepted", "Accepted, 8 clients, 2 more log in"),
    _most("beside.kept", "… of what is accepted otherwise", "%", 0),
    _most("beside.logins", "Logins of the 2 meanwhile", "/s", 1),
    _most("beside.login.cpu", "CPU per login, everything together", "ms", 1),
    _most("beside.share", "Logins' part of all CPU that this took", "%", 0),
    Figure("beside.fair", "Accepted, of what that part leaves", "%", 0, Target(100, at_least=True)),
)
