"""What stops a deployment, in three sentences."""


class DeployError(Exception):
    """Says what happened, why, and what to do about it."""

    def __init__(self, what: str, why: str, cure: str) -> None:
        super().__init__(f"{what} {why} {cure}")
        self.what = what
        self.why = why
        self.cure = cure


class NothingDeployed(DeployError):
    """There is no stack of that name."""

    def __init__(self, stack: str) -> None:
        super().__init__(
            f"There is no stack named {stack}.",
            "It was never deployed here, or has been deleted.",
            "Deploy it first (locally: ./run.sh up).",
        )


class Declined(DeployError):
    """The changes were shown and not wanted."""

    def __init__(self, stack: str) -> None:
        super().__init__(
            f"Stack {stack} was left as it is.",
            "The changes were declined.",
            "Deploy again when you want them.",
        )


class ResourceFailed(DeployError):
    """The first resource that failed, which is the reason of all that failed after it."""

    def __init__(self, stack: str, status: str, resource: str, reason: str) -> None:
        super().__init__(
            f"{resource} failed, so stack {stack} ended {status}.",
            f"CloudFormation says: {reason}",
            "Correct it and deploy again; nothing needs to be removed by hand first.",
        )
        self.resource = resource
        self.reason = reason


class Stuck(DeployError):
    """The stack may hold data and CloudFormation does not go on by itself."""

    def __init__(self, stack: str, status: str, reason: str) -> None:
        command = "delete-stack" if status == "DELETE_FAILED" else "continue-update-rollback"
        super().__init__(
            f"Stack {stack} is {status} and cannot be deployed; nothing was touched.",
            f"CloudFormation says: {reason}",
            f"Run: aws cloudformation {command} --stack-name {stack}, then deploy again "
            "(locally, to forget everything: ./run.sh down --wipe).",
        )


class Busy(DeployError):
    """Somebody else's operation does not end."""

    def __init__(self, stack: str, status: str, seconds: float) -> None:
        super().__init__(
            f"Stack {stack} is {status}, and stays so.",
            f"Another deployment is at work or was cut off: no event for {seconds:.0f} seconds.",
            "Wait for the other one and deploy again "
            "(locally, if there is none: ./run.sh down --wipe, which forgets what is stored).",
        )
        self.status = status
