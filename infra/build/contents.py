"""What goes where: the one table of everything that is shipped."""

from dataclasses import dataclass


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
    """One zip: the code of a function, or a layer."""

    name: str
    archive: str
    sources: tuple[Source, ...] = ()
    requirements: Requirements | None = None


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
    *_files("adapters", "access", "cursors", "erasures", "paging"),
    *_files("adapters", "policies", "policy_grants", "policy_rows"),
    *_files("adapters", "prediction_pages", "prediction_rows", "predictions", "reader", "steps"),
    *_files("domain", "erasures"),
    *_files("services", "ending", "erasing", "granting", "policymaking", "reading", "retrying"),
    *_files("services", "submission", "switching", "waiting"),
    *_files("services/ports", "erasures"),
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

MAILER = Bundle(
    name="mailer",
    archive="mailer.zip",
    sources=(
        Source("functions/mailer", "functions/mailer", without=IN_DEVELOPMENT),
        Source("chalicelib", "chalicelib", without=("api",)),
    ),
    requirements=Requirements("functions/mailer/requirements.txt", without=(EVENT_HANDLER,)),
)

ERASER = Bundle(
    name="eraser",
    archive="eraser.zip",
    sources=(
        Source("functions/eraser", "functions/eraser", without=IN_DEVELOPMENT),
        Source("chalicelib", "chalicelib", without=("api",)),
    ),
    requirements=Requirements("functions/eraser/requirements.txt", without=(EVENT_HANDLER,)),
)

MODEL = Bundle(
    name="model",
    archive="model.zip",
    sources=(
        Source("layers/model/python/ml_models", "python/ml_models"),
        Source("layers/model/artifacts", "artifacts"),
    ),
)

MODEL_DEPS = Bundle(
    name="model_deps",
    archive="model_deps.zip",
    # vaderSentiment needs requests (and what that needs) for the demo in its __main__ only.
    requirements=Requirements(
        "layers/model/requirements.txt",
        place="python",
        omit=("requests", "certifi", "charset-normalizer", "idna", "urllib3"),
    ),
)

BUNDLES = (API, WORKER, MAILER, ERASER, MODEL, MODEL_DEPS)
LAYERS = (MODEL, MODEL_DEPS)
MERGE_TEMPLATE = "infra/template.yaml"
CHALICE_STAGE = "api"  # of .chalice/config.json

# The AWS services that shipped code calls: botocore keeps the data of no other.
AWS_SERVICES = ("dynamodb", "secretsmanager", "ses", "sqs")

# Folders and files of installed packages that no running function reads.
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
    "numpy/_core/include",
    "numpy/_core/lib",
    "numpy/_pyinstaller",
    "numpy/conftest.py",
    "numpy/distutils",
    "numpy/doc",
    "numpy/f2py",
    "numpy/random/_examples",
    "numpy/random/lib",
    "pydantic/experimental",
    "pydantic/mypy.py",
    "pydantic/v1",
    "urllib3/contrib/emscripten",
)
# Package metadata is read at run time for one version only: pydantic checks email-validator's.
METADATA_READ = ("email_validator",)
