"""Runs a program in the foreground under make: foreground.py PROGRAM ARG...

make dies of a SIGINT that reaches it, whatever its recipe answers. So the program gets a process
group of its own and the terminal: Ctrl-C reaches the program alone, and once it has stopped
cleanly make goes on and exits 0. A signal sent to make's group instead is handed on, once.
"""

import contextlib
import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def terminal_of_ours():
    """The controlling terminal, when this process is in its foreground; else None."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    return terminal if os.tcgetpgrp(terminal) == os.getpgrp() else None


def die_with_parent():
    """SIGTERM when the parent ends: a killed make must not leave a server behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(arguments, terminal):
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        if terminal is not None:
            os.tcsetpgrp(terminal, os.getpid())  # SIGTTOU is still ignored here
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        die_with_parent()
        try:
            os.execv(arguments[0], arguments)
        except OSError as error:
            print(f"{arguments[0]}: {error.strerror}", file=sys.stderr, flush=True)
            os._exit(127)
    return child


def wait(child, terminal):
    """The exit status of the child. Ctrl-Z stops make's group too, and `fg` resumes both."""
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            if terminal is None:
                continue
            os.tcsetpgrp(terminal, os.getpgrp())
            os.kill(0, signal.SIGTSTP)
            os.tcsetpgrp(terminal, child)
            os.killpg(child, signal.SIGCONT)
            continue
        if terminal is not None:
            os.tcsetpgrp(terminal, os.getpgrp())
        code = os.waitstatus_to_exitcode(status)
        return 128 - code if code < 0 else code


def main():
    terminal = terminal_of_ours()
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    child = start(sys.argv[1:], terminal)

    def forward(number, _frame):
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)

    for number in FORWARDED:
        signal.signal(number, forward)
    die_with_parent()
    return wait(child, terminal)


if __name__ == "__main__":
    sys.exit(main())
