//! Envelope keys and chunked sealing, bound to its context.
