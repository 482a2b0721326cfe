//! The face for law-enforcement agencies.
