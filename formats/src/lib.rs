//! Strangers' languages: bytes to domain values and back.
