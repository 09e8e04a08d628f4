"""System calls that no answer needs and that have been ways out of sandboxes.

Uses the library pyseccomp (over libseccomp) where it is installed; the sandbox holds
without it, this only leaves less of the kernel to attack.
"""

import errno
from typing import Any

try:
    import pyseccomp
except (ImportError, RuntimeError, OSError):  # it raises when libseccomp is missing
    pyseccomp = None

NEW_USER = 0x10000000
# As if they were forbidden.
DENIED = (
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "kcmp",
    "pidfd_getfd",
    "keyctl",
    "add_key",
    "request_key",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "unshare",
    "setns",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "swapon",
    "swapoff",
    "reboot",
    "quotactl",
    "acct",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "syslog",
    "name_to_handle_at",
    "open_by_handle_at",
    "fanotify_init",
    "vhangup",
    "lookup_dcookie",
    "nfsservctl",
    "iopl",
    "ioperm",
    "personality",
)
# The C library knows another way when these do not exist; clone3 hides its flags.
UNKNOWN = ("clone3",)


def missing() -> str:
    """What to install for the filter; "" when it is there."""
    if pyseccomp is not None:
        return ""
    return "pyseccomp (with libseccomp) is not installed: no filter of system calls"


def rules() -> Any:  # noqa: ANN401
    """The filter, made once; None without the library. `load` it in a process."""
    if pyseccomp is None:
        return None
    # The filter must not be lifted, nor may a foreign kind of call go past it.
    made = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    made.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    for names, error in ((DENIED, errno.EPERM), (UNKNOWN, errno.ENOSYS)):
        for name in names:
            _add(made, name, error)
    flags = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, NEW_USER, NEW_USER)
    made.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", flags)
    return made


def _add(made: Any, name: str, error: int) -> None:  # noqa: ANN401
    try:
        made.add_rule(pyseccomp.ERRNO(error), name)
    except (ValueError, OSError):  # a call that this machine does not have
        return


def load(made: Any) -> None:  # noqa: ANN401
    """Put this process and all its children under the filter."""
    if made is not None:
        made.load()
