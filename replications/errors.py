"""The error whose message is meant for the user."""


class ReplicationError(Exception):
    """An error that the user can correct: the message names the file or option, and the remedy.

    The `replicate` command prints the message without a traceback and exits with status 1.
    """
