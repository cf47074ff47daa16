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
    requirements=Requirements("requirements.txt", omit=("pycparser", "dnspython")),
)

WORKER = Bundle(
    name="worker",
    archive="worker.zip",
    sources=(
        Source(
            "functions/worker", "functions/worker", without=("requirements.in", "requirements.txt")
        ),
        Source("chalicelib", "chalicelib", without=("api",)),
    ),
    # What serves HTTP; the API keeps it for the Swagger UI in it.
    requirements=Requirements(
        "functions/worker/requirements.txt",
        without=(
            "aws_lambda_powertools/event_handler",
            "aws_lambda_powertools/utilities/data_classes",
        ),
    ),
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

BUNDLES = (API, WORKER, MODEL, MODEL_DEPS)
LAYERS = (MODEL, MODEL_DEPS)
MERGE_TEMPLATE = "infra/template.yaml"
CHALICE_STAGE = "api"  # of .chalice/config.json

# The AWS services that shipped code calls: botocore keeps the data of no other.
AWS_SERVICES = ("dynamodb", "secretsmanager", "sqs")

# Folders and files of installed packages that no running function reads.
USELESS_FOLDERS = ("__pycache__", "tests")
USELESS_SUFFIXES = (".a", ".c", ".f", ".f90", ".h", ".pxd", ".pyi", ".pyx", "py.typed")
USELESS_PATHS = (
    *(
        f"aws_lambda_powertools/utilities/{feature}"
        for feature in (
            "auth_alpha",
            "batch",
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
