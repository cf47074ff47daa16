"""Workers of two profiles beside each other: the trouble of one is not the other's."""

import httpx

from tests.e2e.conftest import Lambent
from tests.e2e.predictions import PLACE, REFERENCE, finished, predicted, submit
from tests.e2e.workers import dead, processes_of

TEXT = {"text": "A man is eating food."}


def test_two_models_on_two_profiles_run_at_once(demo: httpx.Client) -> None:
    asked = [submit(demo, *each).json() for each in (("embedding", TEXT), ("temperature", PLACE))]
    embedding, temperature = (finished(demo, each["id"]) for each in asked)

    assert len(embedding["output"]["embedding"]) == 384
    assert temperature["output"] == {"temperature": REFERENCE}


def test_a_worker_loads_no_library_of_another_profile(lambent: Lambent, demo: httpx.Client) -> None:
    predicted(demo, "embedding", TEXT)
    predicted(demo, "temperature", PLACE)
    with_onnxruntime = {
        profile
        for profile in ("light", "onnx")
        for process in processes_of(lambent, f"{profile}-worker")
        if any("onnxruntime" in mapped.path for mapped in process.memory_maps())
    }

    assert with_onnxruntime == {"onnx"}


def test_killing_one_profiles_worker_leaves_the_other_serving_and_loses_nothing(
    lambent: Lambent, demo: httpx.Client
) -> None:
    predicted(demo, "embedding", TEXT)
    assert processes_of(lambent, "onnx-worker")

    with dead(lambent, "onnx"):
        waiting = submit(demo, "embedding", {"text": "Nobody reads this before it is back."}).json()
        served = [predicted(demo, "temperature", PLACE)["status"] for _ in range(5)]
        meanwhile = demo.get(f"/v1/predictions/{waiting['id']}").json()

    assert (served, meanwhile["status"]) == (["succeeded"] * 5, "queued")
    assert finished(demo, waiting["id"])["status"] == "succeeded"
