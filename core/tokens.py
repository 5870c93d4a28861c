"""Secret links: the token stands in the link, only its fingerprint in the database."""

import secrets

from core.canonical import sha256_hex


def new_token() -> str:
    """A fresh secret of 256 bits, safe in a URL (43 characters)."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What the database keeps of a token: its SHA-256, 64 hexadecimal characters."""
    return sha256_hex(token)
