"""The key by which the app, its scheduler and its workers know one another; each start makes one, and none is kept."""

from datetime import datetime

import distributed
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def make_security() -> distributed.Security:
    """As `distributed.Security.temporary`, with a certificate that holds at any time.

    Dask's own holds for a year from the moment on. A clock that is set back makes it one of the future, and no worker
    could take a dead one's place; so does a year in which the app was never started anew.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "digit-clinic")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(1970, 1, 1))
        .not_valid_after(datetime(9999, 12, 31, 23, 59, 59))  # how RFC 5280 says "no end"
        .sign(key, hashes.SHA256())
    )
    shown = certificate.public_bytes(serialization.Encoding.PEM).decode()
    kept = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    roles = ("client", "scheduler", "worker")
    keys = {f"tls_{role}_key": kept for role in roles} | {f"tls_{role}_cert": shown for role in roles}
    return distributed.Security(require_encryption=True, tls_ca_file=shown, **keys)  # type: ignore[no-untyped-call]
