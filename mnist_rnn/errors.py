"""The one kind of error that a person using the app or the command line should ever read."""


class UserError(Exception):
    """A problem that the user can understand and mend.

    Its text is one clear sentence: what is wrong, where, and what to do. Pages show it as it
    is, the command line prints it and exits with status 2.
    """
