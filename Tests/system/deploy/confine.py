"""Runs a program under a unit's restrictions of system calls: `confine.py FILTER PROGRAM…`.

For Debian's own Python, which has libseccomp's module. FILTER is JSON: the calls that are allowed,
and the address families.
"""

import errno
import json
import os
import sys

import seccomp
from seccomp import ALLOW, EQ, ERRNO, MASKED_EQ, Arg, SyscallFilter

AF_MAX = 46
PROT_WRITE, PROT_EXEC = 2, 4


def main():
    wanted = json.loads(sys.argv[1])
    # Of several filters the strictest answer counts.
    denying = SyscallFilter(ALLOW)
    # RestrictAddressFamilies=
    for family in set(range(AF_MAX)) - set(wanted["families"]):
        denying.add_rule(ERRNO(errno.EAFNOSUPPORT), "socket", Arg(0, EQ, family))
    # MemoryDenyWriteExecute=
    both = PROT_WRITE | PROT_EXEC
    denying.add_rule(ERRNO(errno.EPERM), "mmap", Arg(2, MASKED_EQ, both, both))
    denying.add_rule(ERRNO(errno.EPERM), "mprotect", Arg(2, MASKED_EQ, PROT_EXEC, PROT_EXEC))
    # SystemCallFilter= and SystemCallErrorNumber=
    allowing = SyscallFilter(ERRNO(errno.EPERM))
    for call in [*wanted["calls"], "execve", "seccomp", "prctl"]:
        if seccomp.resolve_syscall(seccomp.Arch(), call) >= 0:
            allowing.add_rule(ALLOW, call)
    denying.load()
    allowing.load()
    os.execv(sys.argv[2], sys.argv[2:])


main()
