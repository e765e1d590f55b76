"""The one error that a person is meant to read."""


class ReplicationError(Exception):
    """Something the user can mend: the message names the file or option, and the way out.

    The `replicate` command prints the message without a traceback and exits with status 1.
    """
