"""`python -m infra.cli VERB …`; run.sh calls it."""

import os

from infra.cli.verbs import command_line


def main() -> None:
    """Run the verb."""
    # The application's own log lines go to standard output, which belongs to the verb's result.
    os.environ["POWERTOOLS_LOG_LEVEL"] = "CRITICAL"
    command_line()(prog_name="./run.sh")


if __name__ == "__main__":
    main()
