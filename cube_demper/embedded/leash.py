"""Becomes another program that dies with its owner: `leash.py OWNER SIGNAL UID GID PROGRAM [ARG…]`.

Run by path in a bare interpreter, so it imports nothing of ours. It gives up root first (`-` keeps
the account) because the kernel forgets the death signal when a process changes its account.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Drop the account, ask for a signal on the owner's death, become the program."""
    owner, death_signal, uid, gid, *program = sys.argv[1:]
    if uid != "-":
        os.setgroups([int(gid)])
        os.setgid(int(gid))
        os.setuid(int(uid))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    # A mask of the owner would be inherited, and a masked SIGTERM ends nobody.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if os.getppid() != int(owner):
        sys.exit("the owner died before its child started")
    os.execvp(program[0], program)  # noqa: S606 # becoming that program is the purpose


if __name__ == "__main__":
    main()
