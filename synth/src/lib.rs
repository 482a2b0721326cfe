//! Synthetic national traffic: harmless, deterministic.
