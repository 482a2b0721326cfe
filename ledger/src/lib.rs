//! Append-only tree, proofs and signed checkpoints.
