"""What a worker must not load, seen from a fresh interpreter."""

from tests.unit.api.test_weight import loaded_by

IMPORT_WORKER = """
import json, os, sys
os.environ.update(AWS_DEFAULT_REGION="us-east-1", PREDICTIONS_TABLE="predictions")
import functions.worker.handler
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def test_importing_the_worker_loads_nothing_of_the_api_and_no_model() -> None:
    loaded = loaded_by(IMPORT_WORKER)
    assert {"functions", "chalicelib", "ml_models", "botocore"} <= loaded
    assert loaded.isdisjoint(
        {"chalice", "jwt", "cryptography", "pynamodb", "boto3", "aws_xray_sdk", "numpy"}
    )
