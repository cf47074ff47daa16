"""Why a build stopped."""


class BuildError(Exception):
    """The build cannot go on; the message says what, why, and what to do."""
