"""The way to a clinic server: encrypted, to the server whose authority this desk knows, and to no other."""

from collections.abc import Mapping
from typing import Any

import psycopg

from clinicdesk.domain.desks import ServerAddress
from clinicdesk.errors import (
    ClinicError,
    DeskNotEnrolled,
    HostNotFound,
    NobodyAnswers,
    NoClinicServer,
    ServerNotTrusted,
)
from clinicdesk.storage.server_look import why_not_believed

# An answer in clear, of an older protocol, or by whoever only passes the password on, is no answer.
_STRICT = {
    "channel_binding": "require",
    "require_auth": "scram-sha-256",
    "ssl_min_protocol_version": "TLSv1.3",
    "gssencmode": "disable",
}


def server_conninfo(
    address: ServerAddress, authority: str, certificate: str, key: str, passphrase: str
) -> dict[str, str]:
    """How a desk reaches the clinic's database, without user and password; the middle three are paths."""
    return {
        **_place(address),
        **_STRICT,
        "sslmode": "verify-full",
        "sslrootcert": authority,
        "sslcert": certificate,
        "sslkey": key,
        "sslpassword": passphrase,
    }


def enrolment_conninfo(address: ServerAddress) -> dict[str, str]:
    """How a desk that knows no authority yet reaches the server: the code proves who answers, by channel binding."""
    # Whatever certificates this account has for other servers are not for this one.
    return {**_place(address), **_STRICT, "sslmode": "require", "sslcertmode": "disable", "sslrootcert": ""}


def _place(address: ServerAddress) -> dict[str, str]:
    return {"host": address.host, "port": str(address.port), "dbname": address.database}


# What libpq and the server say before there is a SQLSTATE. The first that is found decides.
_TRUST = {
    "server does not support SSL": "no_encryption",
    "SSL error: unsupported protocol": "no_encryption",
    "alert protocol version": "no_encryption",
    "channel binding": "not_proven",
    "SCRAM": "not_proven",
    "authentication method requirement": "not_proven",
    "does not match host name": "other_name",
}
_DESK = {
    "certificate revoked": "revoked",
    "alert certificate expired": "expired",
    "valid client certificate": "refused",
    "alert unknown ca": "refused",
    "alert bad certificate": "refused",
    "alert certificate unknown": "refused",
    "could not load private key file": "no_key",
    "could not read certificate file": "damaged",
    "private key file": "no_files",
    "certificate file": "no_files",
}
_NO_HOST = ("could not translate host name", "failed to resolve host")
_NO_CLINIC = ("received invalid response", "wrong version number", "expected authentication request", "pg_hba.conf")
_SILENT = ("Connection refused", "timeout expired", "timed out", "No route to host", "Network is unreachable")


def link_refusal(error: psycopg.Error, conninfo: Mapping[str, Any]) -> ClinicError | None:
    """Why no talk with a clinic server came about; None when it did, or when the server is of this computer."""
    if "sslmode" not in conninfo or error.sqlstate is not None:
        return None
    said, address = str(error), _address(conninfo)
    if any(words in said for words in _NO_HOST):
        return HostNotFound(address.host)
    if "certificate verify failed" in said:
        return why_not_believed(address, str(conninfo.get("sslrootcert", "")))
    for words, reason in _TRUST.items():
        if words in said:
            return ServerNotTrusted(reason, address.host)
    for words, reason in _DESK.items():
        if words in said:
            return DeskNotEnrolled(reason)
    if any(words in said for words in _NO_CLINIC):
        return NoClinicServer(address.host, address.port)
    if any(words in said for words in _SILENT):
        return NobodyAnswers(address.host, address.port)
    return None


def server_in(conninfo: Mapping[str, Any]) -> ServerAddress | None:
    """The clinic server to which a connection goes; None for one to this computer's own."""
    return _address(conninfo) if "sslmode" in conninfo else None


def _address(conninfo: Mapping[str, Any]) -> ServerAddress:
    return ServerAddress(str(conninfo["host"]), int(conninfo["port"]), str(conninfo["dbname"]))
