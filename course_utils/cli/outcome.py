"""How a verb ends when it cannot do its work: one sentence and an exit code."""


class BadArgumentError(Exception):
    """Bad arguments: one sentence on stderr and exit code 2."""

    exit_code = 2


class FailedError(Exception):
    """The verb could not do its work: one sentence on stderr and exit code 1."""

    exit_code = 1
