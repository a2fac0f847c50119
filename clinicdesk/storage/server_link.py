"""The way to a clinic server: encrypted, to the server whose authority this desk knows, and to no other."""

from clinicdesk.domain.desks import ServerAddress

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


def enrolment_conninfo(address: ServerAddress, login: str, password: str) -> dict[str, str]:
    """How a desk that knows no authority yet reaches the server: the code proves who answers, by channel binding."""
    # Without a client certificate, even if this account has one of its own somewhere.
    return {
        **_place(address),
        **_STRICT,
        "sslmode": "require",
        "sslcertmode": "disable",
        "sslrootcert": "",
        "user": login,
        "password": password,
    }


def _place(address: ServerAddress) -> dict[str, str]:
    return {"host": address.host, "port": str(address.port), "dbname": address.database}
