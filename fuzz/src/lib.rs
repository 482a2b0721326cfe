//! Every parser that a stranger reaches, as a function of bytes that must hold its promises whatever they are: no
//! panic, and nothing said twice differently. `tests/` runs each on the stable compiler for a bounded number of inputs;
//! a fuzzing engine runs the same functions for as long as one likes (`cargo bolero test -p fuzz NAME`).
//!
//! Forms with files go through the whole door too: `clearinghouse/tests/ispws/damaged.rs` damages them in the same way.
//!
//! To add a parser, add its module here and its target in `tests/`.

pub mod cybertip;
pub mod fields;
pub mod keys;
pub mod multipart;
pub mod outside;
pub mod pictures;
pub mod record;

/// One change of something good: at a place, take a few bytes away and put others there.
pub type Damage = (u16, u8, Vec<u8>);

/// Something good with damage.
pub fn damaged(good: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for (place, taken, put) in damages {
        let begin = usize::from(*place) % (bytes.len() + 1);
        let end = (begin + usize::from(*taken % 16)).min(bytes.len());
        bytes.splice(begin..end, put.iter().copied());
    }
    bytes
}
