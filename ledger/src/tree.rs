//! The tree: growing it, and asking it for roots and proofs.

mod edge;
mod reader;

pub use edge::{Edge, Grown, TileWrite, append};
pub use reader::{consistency_proof, inclusion_proof, root};

#[cfg(test)]
mod tests;
