"""A look at a clinic server without signing in: whether it answers, how fast, and until when its certificate counts."""

import contextlib
import datetime as dt
import socket
import ssl
import struct
import time
from collections.abc import Iterator

from clinicdesk.domain.desks import ServerAddress, ServerLook
from clinicdesk.errors import (
    ClinicError,
    ClinicUnreachable,
    HostNotFound,
    NobodyAnswers,
    NoClinicServer,
    ServerNotTrusted,
)

_SECONDS = 3.0
_ASK_FOR_TLS = struct.pack("!ii", 8, 80877103)  # PostgreSQL's SSLRequest
# What OpenSSL found in a certificate (X509_V_ERR_…); whatever else it finds is another authority's.
_FOUND = {9: "not_yet_valid", 10: "expired", 62: "other_name", 64: "other_name"}


def look_at(address: ServerAddress, authority: str = "") -> ServerLook:
    """Ask the server for an encrypted talk, check who it is by `authority` (a path) if there is one, and leave.

    Without an authority the certificate may be anybody's; that it is made out to the server's name is asked all the
    same, because no authority could put that right later. Raises HostNotFound, NobodyAnswers, NoClinicServer or
    ServerNotTrusted.
    """
    with _told_as_facts(address), socket.create_connection((address.host, address.port), _SECONDS) as plain:
        began = time.perf_counter()
        plain.sendall(_ASK_FOR_TLS)
        answer = plain.recv(1)
        took = (time.perf_counter() - began) * 1000
        if answer == b"N":
            raise ServerNotTrusted("no_encryption", address.host)
        if answer != b"S":
            raise NoClinicServer(address.host, address.port)
        with _context(authority).wrap_socket(plain, server_hostname=address.host) as talk:
            certificate = talk.getpeercert() or {}
            if not authority:
                _refuse_other_name(address, talk.getpeercert(binary_form=True) or b"")
    ends = certificate.get("notAfter")
    until = dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), dt.UTC) if isinstance(ends, str) else None
    return ServerLook(took, until)


def _context(authority: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    if authority:
        context.load_verify_locations(authority)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _refuse_other_name(address: ServerAddress, der: bytes) -> None:
    from clinicdesk.authority import facts_of

    facts = facts_of(ssl.DER_cert_to_PEM_cert(der))
    if address.host not in (*(name.lower() for name in facts.names), *facts.addresses):
        raise ServerNotTrusted("other_name", address.host, ", ".join((*facts.names, *facts.addresses)))


@contextlib.contextmanager
def _told_as_facts(address: ServerAddress) -> Iterator[None]:
    try:
        yield
    except ClinicError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise ServerNotTrusted(_FOUND.get(error.verify_code, "other_authority"), address.host) from error
    except ssl.SSLError as error:
        raise ServerNotTrusted("no_encryption", address.host) from error
    except (socket.gaierror, UnicodeError) as error:
        raise HostNotFound(address.host) from error
    except ValueError as error:  # a certificate that cannot be read; what comes before is of this kind as well
        raise NoClinicServer(address.host, address.port) from error
    except ConnectionResetError as error:
        raise NoClinicServer(address.host, address.port) from error
    except OSError as error:
        raise NobodyAnswers(address.host, address.port) from error


def why_not_believed(address: ServerAddress, authority: str) -> ClinicError:
    """Why a certificate was not believed, when the connection itself only said that it was not."""
    try:
        look_at(address, authority)
    except (ServerNotTrusted, NoClinicServer, ClinicUnreachable) as error:
        return error
    return ServerNotTrusted("other_authority", address.host)
