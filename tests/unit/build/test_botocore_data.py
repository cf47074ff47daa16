import gzip
import json
from pathlib import Path

import pytest

from infra.build import botocore_data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Botocore's data in miniature: two services, one of them in two versions."""
    service = {"documentation": "<p>long</p>", "shapes": {"documentation": {"type": "string"}}}
    packed = gzip.compress(json.dumps(service).encode())
    for version in ("sqs/2010-01-01", "sqs/2012-11-05", "ec2/2016-11-15"):
        (tmp_path / version).mkdir(parents=True)
        (tmp_path / version / "service-2.json.gz").write_bytes(packed)
        (tmp_path / version / "examples-1.json").write_text("{}")
    services: dict[str, dict[str, str]] = {"sqs": {}, "ec2": {}}
    partitions = [{"partition": name, "services": services} for name in ("aws", "aws-cn")]
    (tmp_path / "endpoints.json").write_text(json.dumps({"partitions": partitions, "version": 3}))
    (tmp_path / "partitions.json").write_text("{}")
    (tmp_path / "unknown.json").write_text("{}")
    botocore_data.trim(tmp_path, ("sqs",))
    return tmp_path


def test_only_the_newest_version_of_the_services_used_stays(data: Path) -> None:
    assert sorted(path.relative_to(data).as_posix() for path in data.rglob("*.*")) == [
        "endpoints.json",
        "partitions.json",
        "sqs/2012-11-05/service-2.json",
    ]


def test_documentation_goes_but_a_shape_of_that_name_stays(data: Path) -> None:
    service = json.loads((data / "sqs/2012-11-05/service-2.json").read_text())

    assert service == {"shapes": {"documentation": {"type": "string"}}}


def test_endpoints_are_those_of_the_services_in_the_aws_partition(data: Path) -> None:
    endpoints = json.loads((data / "endpoints.json").read_text())

    assert endpoints == {
        "partitions": [{"partition": "aws", "services": {"sqs": {}}}],
        "version": 3,
    }
