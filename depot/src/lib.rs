//! Opaque bytes kept durably, in a local folder or in an S3-compatible bucket, and read again in ranges.
//!
//! Small pieces go into packs, where many waiting writers share one flush; large ones become a file or an object of
//! their own, in flat memory. A piece is named by random letters that say nothing. The caller brings the chance for
//! names, remembers the [`Spot`]s, and has sealed the bytes before they come here. Deliberately absent: keys, what a
//! piece is or whose, and any list of pieces; what nobody remembers is litter.

mod bucket;
mod chance;
mod depot;
mod disk;
mod draft;
mod early;
mod fault;
mod folder;
mod pack;
mod source;
mod spot;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod upload;

pub use chance::Chance;
pub use depot::{Depot, Settings};
pub use disk::{Disk, DiskFile, SystemDisk};
pub use draft::Draft;
pub use fault::{Fault, Result};
pub use source::Source;
pub use spot::{NoSpot, Spot};
pub use upload::{LARGEST_BYTES, PART_BYTES};
