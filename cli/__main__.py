"""`python -m cli`, as the launcher calls it."""

import signal

from cli.signals import nothing_begun

if __name__ == "__main__":
    with nothing_begun():
        from cli.app import main
    try:
        main()
    finally:  # the verb has its exit code: Ctrl-C while the interpreter ends, half a second at times, leaves it so
        signal.signal(signal.SIGINT, signal.SIG_IGN)
