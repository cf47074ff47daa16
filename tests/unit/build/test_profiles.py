from pathlib import Path

import pytest

from infra.build import BuildError, read_profiles
from infra.build.profiles import Profiles

LAYERS = ("model", "onnx")


def read(root: Path, text: str) -> Profiles:
    """The profiles of a checkout with this file and these layers."""
    (root / "infra").mkdir()
    (root / "infra/profiles.toml").write_text(text)
    for layer in LAYERS:
        (root / "layers" / layer).mkdir(parents=True)
        (root / "layers" / layer / "requirements.txt").touch()
    return read_profiles(root)


def test_a_table_with_a_line_is_a_profile(tmp_path: Path) -> None:
    profile = read(tmp_path, '[light]\nlayers = ["model"]\n')["light"]

    assert (profile.memory, profile.timeout, profile.layers) == (1024, 30, ("model",))
    assert profile.interactive.model_dump() == {"batch": 10, "window": 0, "concurrency": 4}
    assert profile.bulk.model_dump() == {"batch": 100, "window": 1, "concurrency": 4}


def test_a_table_says_what_differs_and_the_rest_stays(tmp_path: Path) -> None:
    profile = read(tmp_path, "[big]\nmemory = 4096\nbulk = {batch = 25}\n")["big"]

    assert (profile.memory, profile.bulk.batch, profile.bulk.window) == (4096, 25, 1)


def test_a_message_stays_hidden_for_six_timeouts_and_the_longest_window(tmp_path: Path) -> None:
    profile = read(tmp_path, "[big]\ntimeout = 60\nbulk = {window = 5}\n")["big"]

    assert profile.visibility == 365


def test_profiles_keep_their_order(tmp_path: Path) -> None:
    assert list(read(tmp_path, "[onnx]\n[light]\n[big]\n")) == ["onnx", "light", "big"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[light]\ntimeuot = 5\n", "light.timeuot is not known"),
        ("[light]\nbulk = {size = 5}\n", "light.bulk.size is not known"),
        ("[light]\ntimeout = 901\n", "light.timeout: input should be less than or equal to 900"),
        ('[light]\ntimeout = "9"\n', "light.timeout: input should be a valid integer"),
        ("[light]\nmemory = 64\n", "light.memory: input should be greater than or equal to 128"),
        (
            "[light]\ninteractive = {concurrency = 1}\n",
            "light.interactive.concurrency: input should be greater than or equal to 2",
        ),
        (
            "[light]\nbulk = {window = 0}\n",
            "light.bulk: a batch of more than 10 needs a window of at least 1 second",
        ),
        ('[light]\nlayers = ["a", "b", "c", "d", "e"]\n', "light.layers: "),
        ("[light-er]\n", "light-er: string should match pattern"),
        ("light = 5\n", "light: input should be a valid dictionary"),
        ("", "the file: dictionary should have at least 1 item"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_and_what_may_stand_there(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(BuildError) as refusal:
        read(tmp_path, text)

    assert str(refusal.value).startswith(f"infra/profiles.toml is wrong: {sentence}")
    assert str(refusal.value).endswith("Correct it; its first lines say what may stand there.")


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"light\.cpu is not known; onnx\.timeout: input should"):
        read(tmp_path, "[light]\ncpu = 2\n[onnx]\ntimeout = 0\n")


def test_a_layer_that_no_build_makes_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(
        BuildError, match=r"onnx\.layers has 'onxn', .* Name one of model, onnx; or write layers/"
    ):
        read(tmp_path, '[onnx]\nlayers = ["onxn"]\n')


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"infra/profiles\.toml is not TOML: .*line 2"):
        read(tmp_path, "[light]\nmemory: 1024\n")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"infra/profiles\.toml is missing"):
        read_profiles(tmp_path)
