"""Run a command that keeps to the permissions of files, even if it is root who runs it.

`python tests/faults/obey_permissions.py COMMAND...`
"""

import ctypes
import os
import sys

_PR_CAPBSET_DROP, _OVERRIDES = 24, (1, 2, 3)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER

if __name__ == "__main__":
    if os.geteuid() == 0:
        for capability in _OVERRIDES:
            ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - what it is for
