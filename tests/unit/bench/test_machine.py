"""What is told of the machine."""

from infra.bench.machine import Machine, watch


def test_the_machine_is_told_with_its_load() -> None:
    told = Machine("3.11.7", "Linux x86_64", 2, 0.5, 1.5, 0.25).told()

    assert told == (
        "Linux x86_64, 2 cores, Python 3.11.7, load 0.5 before, 1.5 after, "
        "0.25 cores used by others meanwhile"
    )


def test_a_machine_that_was_looked_at_only_once_says_so_much() -> None:
    told = Machine("3.11.7", "Linux x86_64", 2, 0.5).told()

    assert told == "Linux x86_64, 2 cores, Python 3.11.7, load 0.5 before"


def test_a_second_look_tells_what_others_used() -> None:
    look = watch()

    machine = look()

    assert machine.others is not None
    assert machine.load_after is not None
