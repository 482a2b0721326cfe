//! The story of a look at a file: grounds are recorded and confirmed, media permission is given and counted, and
//! somebody who has both sees one picture, drawn by a process that can do nothing else. Beside the story of reports, on
//! the same floor; neither leans on the other. Deliberately absent: HTML, columns, and the bytes of an original.

pub mod files;
pub mod grounds;
mod look;
pub mod notices;
pub mod permission;
mod renderer;
pub mod sessions;
pub mod wellness;

pub use look::{Asking, NotShown, alt, ask, close, show};
pub use office::Trouble;
pub use renderer::{NotDrawn, Renderer};
pub use rendition::Refused;
pub use store::House;
pub use store::media::{Again, CAPABILITY_LASTS, Manner, Shut, VIEW_LASTS};
