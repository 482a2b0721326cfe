//! The face for electronic service providers.
