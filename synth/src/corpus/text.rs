//! Chat exports of lines that mean nothing.

use std::fmt::Write as _;

use super::card::SEED;
use crate::chance::Chance;
use crate::names::CHAT_LINES;

/// Export number `n`: CSV where the number is even, plain text where it is odd.
pub(super) fn chat(n: usize) -> Vec<u8> {
    let mut chance = Chance::of(SEED, "chat", n as u64);
    let comma = n.is_multiple_of(2);
    let mut text = if comma {
        format!("line,sender,text,synthetic export {n}\n")
    } else {
        format!("SYNTHETIC CHAT EXPORT {n}\n")
    };
    for line in 1..=4 + chance.below(24) {
        let (sender, says) = (chance.pick(&["first", "second"]), chance.pick(&CHAT_LINES));
        let row = if comma {
            writeln!(text, "{line},{sender},{says},")
        } else {
            writeln!(text, "{sender}: {says}")
        };
        row.expect("a string takes every write");
    }
    text.into_bytes()
}
