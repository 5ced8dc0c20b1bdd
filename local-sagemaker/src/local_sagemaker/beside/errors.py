"""The error of a start that fails because of the other emulator."""


class UnusableEmulator(Exception):
    """The emulator to stand beside does not answer, or has no S3; the message names its URL and the fix."""
