"""A built template and the zips beside it, stored under the hash of their content."""

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from botocore.exceptions import ClientError

from infra.deploy.errors import DeployError

FINGERPRINT = "Fingerprint"
_CODE = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
_LOADER = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # ten times as fast, where there is a libyaml


@dataclass(frozen=True)
class Package:
    """A template that was read, and where each of its zips goes."""

    document: dict[str, Any]
    zips: Mapping[Path, str]

    def fingerprint(self, parameters: Mapping[str, str], tags: Mapping[str, str]) -> str:
        """Equal for two packages, parameters and tags that make the same stack."""
        wanted = [self._addressed("any"), dict(parameters), dict(tags)]
        return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()

    def body(self, bucket: str, fingerprint: str) -> str:
        """The template to send: zips in the bucket, and the fingerprint as an output.

        One DescribeStacks tells an output, and unlike a tag it touches no resource.
        """
        document = self._addressed(bucket)
        document.setdefault("Outputs", {})[FINGERPRINT] = {
            "Description": "Of the template, its artefacts and its parameters",
            "Value": fingerprint,
        }
        return json.dumps(document, separators=(",", ":"))

    def _addressed(self, bucket: str) -> dict[str, Any]:
        document = copy.deepcopy(self.document)
        keys = {path.name: key for path, key in self.zips.items()}
        for properties, name in _code_properties(document):
            properties[name] = f"s3://{bucket}/{keys[Path(properties[name]).name]}"
        return document


def read(template: Path) -> Package:
    """The template with each zip that it names hashed."""
    try:
        document = read_document(template)
        paths = {
            template.parent / properties[name] for properties, name in _code_properties(document)
        }
        return Package(document, {path: _key(path) for path in paths})
    except FileNotFoundError as missing:
        raise DeployError(
            f"{missing.filename} does not exist.",
            "The template and its zips are made by the build.",
            "Build first: ./run.sh build",
        ) from missing


def read_document(template: Path) -> dict[str, Any]:
    """The template as data."""
    raw = template.read_bytes()
    document: dict[str, Any] = yaml.load(raw, Loader=_LOADER)  # a SafeLoader  # nosec B506
    return document


def upload(package: Package, s3: Any, bucket: str) -> list[Path]:
    """Store the zips that are not there yet; which ones these were."""
    _make_bucket(s3, bucket)
    missing = [path for path, key in package.zips.items() if not _is_stored(s3, bucket, key)]
    for path in missing:
        s3.upload_file(str(path), bucket, package.zips[path])
    return missing


def _code_properties(document: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    for resource in document["Resources"].values():
        if name := _CODE.get(resource.get("Type")):
            yield resource["Properties"], name


def _key(path: Path) -> str:
    with path.open("rb") as zipped:
        return f"{path.stem}/{hashlib.file_digest(zipped, 'sha256').hexdigest()}.zip"


def _is_stored(s3: Any, bucket: str, key: str) -> bool:
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"404", "NoSuchKey"}:
            return False
        raise
    return True


def _make_bucket(s3: Any, bucket: str) -> None:
    try:
        s3.head_bucket(Bucket=bucket)
        return
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
            raise
    region = s3.meta.region_name
    # us-east-1 is the one region that must not be named.
    place = {} if region == "us-east-1" else {"LocationConstraint": region}
    s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": place} if place else {}))
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
