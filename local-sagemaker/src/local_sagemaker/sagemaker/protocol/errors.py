"""Errors with the codes and messages of AWS."""


class ServiceError(Exception):
    """A call that AWS would reject; clients see `code` as the error's name."""

    def __init__(self, code: str, message: str, http_status: int = 400):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.http_status = http_status


def invalid(message: str) -> ServiceError:
    return ServiceError("ValidationException", message)
