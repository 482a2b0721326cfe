//! `act`: one act (3 rows and a leaf) from 32 callers, full durability, against one transaction at a time.

use super::{Args, Outcome};

/// Measures both engines.
pub fn run(_args: &Args) -> Result<Outcome, Box<dyn std::error::Error>> {
    Err("the act benchmark is not written yet".into())
}
