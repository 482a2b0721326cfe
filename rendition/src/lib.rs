//! Pictures from strangers' bytes, drawn again by a process that can do nothing else.
//!
//! The house starts its own binary once more, with an empty environment and two pipes. Before that process reads a byte
//! it gives up everything: memory and time are bounded, no file and no socket can be opened, and every system call but
//! the few that drawing needs ends it. What comes back is a picture that we made from pixels: nothing of the stranger's
//! file but its look, and who looks and when written across it. Deliberately absent: whose file it is, any format that is not plain pixels, sound and motion.

mod draw;
mod frames;
mod lock;
mod mark;
mod process;

pub use draw::{MOST_FRAMES, MOST_PIXELS, Manner, Picture, Refused, draw};
pub use lock::{CPU_SECONDS, MEMORY_BYTES, lock};
pub use mark::{MOST_LETTERS, Mark};
pub use process::{EXIT_REFUSED, MOST_INPUT_BYTES, MOST_OUTPUT_BYTES, Order, run};
