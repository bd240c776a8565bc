"""What can go wrong, as a tree.

VoicecareError                the base: one line a user can act on
├── UsageError                an option or a setting is wrong                   exit code 2
├── InputError                a recording, session or device cannot be used     exit code 2
├── OutputError               a result cannot be written                        exit code 2
└── StageError                a stage failed while a call was being heard       exit code 1
"""

from __future__ import annotations


class VoicecareError(Exception):
    """The base of all errors raised on purpose; its text names the value, what is allowed and the next step."""

    exit_code = 2


class UsageError(VoicecareError):
    """An option or a setting has a value that is not allowed."""


class InputError(VoicecareError):
    """A recording, a session or a device cannot be used."""


class OutputError(VoicecareError):
    """A result cannot be written where it should go."""


class StageError(VoicecareError):
    """A stage failed in the middle of a call; what was heard before it still counts."""

    exit_code = 1
