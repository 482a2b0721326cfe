//! Offline look-ups from dated tables.
