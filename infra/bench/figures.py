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


FIGURES = (
    _calls("submit", "AWS calls per submit", 3),
    _calls("read", "AWS calls per read", 1),
    _calls("prediction", "AWS calls per prediction (batch of 10)", 3.1, digits=1),
    *_size("api", "API", 14),
    *_size("worker", "Worker", 5),
    *_size("model", "Model layer"),
    *_size("model_deps", "Model dependencies layer"),
    *_size("layers", "Both layers", 25),
    _most("init.hello", "Init of a Chalice hello, CPU", "ms", 0),
    _most("init.api", "Init of the API, CPU", "ms", 0),
    _most("init.api.ratio", "… in Chalice hellos", "x", 1, 11),
    _most("init.worker", "Init of the worker, CPU", "ms", 0),
    _most("init.worker.ratio", "… in Chalice hellos", "x", 1, 10),
    _most("cpu.hello", "A bare Chalice route, CPU", "ms", 3),
    _most("cpu.submit", "Submit in process, CPU", "ms", 2, 1.9),
    _most("cpu.read", "Read in process, CPU", "ms", 2, 0.9),
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
    _most("clients.cpu", "CPU of the clients per request", "ms", 2),
    _rate("drain", "Drain of 2,000 queued", 1400),
    _most("memory", "Memory after 1,000 accepts", "MB", 0, 450),
)
