"""Entry point for `python -m cli`, which the launcher runs."""

import signal

from cli.signals import nothing_begun

if __name__ == "__main__":
    with nothing_begun():
        from cli.app import main
    try:
        main()
    finally:  # Ctrl-C while the interpreter shuts down, up to half a second, must not change the exit code
        signal.signal(signal.SIGINT, signal.SIG_IGN)
