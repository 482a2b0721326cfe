//! Chance for names; the caller brings it.

use std::io;
use std::sync::Arc;

/// Draws sixteen random bytes, or says why there are none.
pub type Chance = Arc<dyn Fn() -> io::Result<[u8; 16]> + Send + Sync>;

/// A name that nobody else has.
pub(crate) fn name(chance: &Chance) -> io::Result<String> {
    Ok(chance()?.iter().map(|byte| format!("{byte:02x}")).collect())
}
