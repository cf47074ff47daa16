from infra.build import Target


def test_the_embedded_emulator_runs_the_wheels_of_this_machine() -> None:
    assert (Target.EMBEDDED.platforms, Target.EMBEDDED.wheels) == ((), "host")


def test_lambda_runs_linux_wheels_of_old_and_new_spelling() -> None:
    assert {"manylinux_2_17_x86_64", "manylinux2014_x86_64"} <= set(Target.AWS.platforms)


def test_only_localstack_needs_layers_in_the_worker() -> None:
    assert [target for target in Target if target.flat] == [Target.LOCALSTACK]
