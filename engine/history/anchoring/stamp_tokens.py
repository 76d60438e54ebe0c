"""Time-stamp tokens (RFC 3161): what an authority signed says that a root existed at a moment.

The only user of rfc3161-client, which is loaded when a token is met: that takes longer than all else a command loads.
A token is the authority's whole answer, as `openssl ts -verify -in` reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from engine.errors import ClauseflowError

if TYPE_CHECKING:
    from cryptography.x509 import Name
    from rfc3161_client import TimeStampResponse


class FalseStamp(ClauseflowError):
    """A token that proves nothing about the root it stands beside."""

    zh = "{why_zh}"
    en = "{why_en}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a sound token says: `at` the root existed, `by` is who signed that.

    `traced` tells whether the signature was traced to a root certificate; without one, the content alone was compared.
    """

    at: datetime
    by: str
    traced: bool


def new_token(root: bytes, trusted: bytes, ask: Callable[[bytes], bytes]) -> bytes:
    """Have a root stamped: `ask` sends the request to the authority and returns its answer.

    `trusted` holds root certificates (PEM), empty for none. Raises FalseStamp, and what `ask` raises.
    """
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    request = TimestampRequestBuilder().data(root).hash_algorithm(HashAlgorithm.SHA256).build()
    token = ask(request.as_bytes())
    read_token(token, root, trusted, request.nonce)
    return token


def read_token(token: bytes, root: bytes, trusted: bytes, nonce: int | None = None) -> Stamp:
    """What a token says about a root. Raises FalseStamp when it is not sound, or about something else."""
    from rfc3161_client import decode_timestamp_response

    try:
        answer = decode_timestamp_response(token)
        _compare(answer, root, nonce)
        if trusted:
            _trace(answer, root, trusted)
        return Stamp(answer.tst_info.gen_time, _signer(answer), bool(trusted))
    except ValueError as error:
        raise FalseStamp(why_zh="它无法读取", why_en="it cannot be read") from error


def _compare(answer: TimeStampResponse, root: bytes, nonce: int | None) -> None:
    from rfc3161_client import PKIStatus

    if answer.status != PKIStatus.GRANTED:
        said = "; ".join(answer.status_string) or str(answer.status)
        raise FalseStamp(why_zh=f"时间戳服务拒绝了：{said}", why_en=f"the authority refused: {said}")
    if answer.tst_info.message_imprint.message != sha256(root).digest():
        raise FalseStamp(why_zh="它盖的是别的内容", why_en="it was made for something else")
    if nonce is not None and answer.tst_info.nonce != nonce:
        raise FalseStamp(why_zh="它回答的不是这次请求", why_en="it answers another request")


def _trace(answer: TimeStampResponse, root: bytes, trusted: bytes) -> None:
    from cryptography.x509 import load_pem_x509_certificates
    from rfc3161_client import VerificationError, VerifierBuilder

    try:
        VerifierBuilder(roots=load_pem_x509_certificates(trusted)).build().verify_message(answer, root)
    except VerificationError as error:
        raise FalseStamp(why_zh="签名不成立，或签发者不在所设的根证书之下",
                         why_en="its signature does not hold, or not under the root set") from error  # fmt: skip


def _signer(answer: TimeStampResponse) -> str:
    """The name of who signed, from the certificate in the token; its issuer's name when the token holds none."""
    from cryptography.x509 import load_der_x509_certificate

    for signer in answer.signed_data.signer_infos:
        for certificate in map(load_der_x509_certificate, answer.signed_data.certificates):
            if (certificate.issuer, certificate.serial_number) == (signer.issuer, signer.serial_number):
                return _called(certificate.subject)
        return _called(signer.issuer)
    raise FalseStamp(why_zh="没有人签名", why_en="nobody signed it")


def _called(name: Name) -> str:
    from cryptography.x509 import NameOID

    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()
