//! The independent checker must be one file that needs nothing else on the machine: built so, it must ask for no loader.

use std::fs;

use crate::{Result, shell};

/// A folder of its own: these objects are linked in another way than everything else.
const TARGET: &str = "target/static";
const PROGRAM: &str = "target/static/debug/clearinghouse-verify";
/// The head of a program that names who is to load others beside it.
const LOADER: u32 = 3;

/// Builds the checker as the book says, and looks at what came out.
pub fn run() -> Result<()> {
    let build = ["rustc", "--package", "verify", "--bin", "clearinghouse-verify", "--target-dir", TARGET];
    let linked = ["--", "-C", "target-feature=+crt-static"];
    shell::run(shell::at_root("cargo").args(build).args(linked))?;
    match asks_for_a_loader(&fs::read(shell::root().join(PROGRAM))?) {
        Some(false) => Ok(()),
        Some(true) => Err("clearinghouse-verify asks for a loader: it is not static".into()),
        None => Err("clearinghouse-verify is no 64-bit ELF file".into()),
    }
}

/// Whether a program has to be loaded together with others; `None` for what is no ELF file of 64 bits, little-endian.
fn asks_for_a_loader(bytes: &[u8]) -> Option<bool> {
    let two = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let eight = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
    bytes.starts_with(b"\x7fELF\x02\x01").then_some(())?;
    let (heads, head_bytes, count) = (usize::try_from(eight(32)?).ok()?, two(54)?, two(56)?);
    for head in 0..usize::from(count) {
        let at = heads.checked_add(head * usize::from(head_bytes))?;
        let kind = u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        if kind == LOADER {
            return Some(true);
        }
    }
    Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program with heads of these kinds and nothing else.
    fn program(kinds: &[u32]) -> Vec<u8> {
        let mut bytes = vec![0; 64];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[32] = 64;
        bytes[54] = 56;
        bytes[56] = u8::try_from(kinds.len()).unwrap();
        for kind in kinds {
            bytes.extend(kind.to_le_bytes());
            bytes.extend([0; 52]);
        }
        bytes
    }

    #[test]
    fn a_program_that_names_a_loader_is_told_from_one_that_stands_alone() {
        assert_eq!(asks_for_a_loader(&program(&[1, 2, 3])), Some(true));
        assert_eq!(asks_for_a_loader(&program(&[1, 2, 6])), Some(false));
        assert_eq!(asks_for_a_loader(&program(&[1, 2, 6])[..70]), None);
        assert_eq!(asks_for_a_loader(b"#!/bin/sh\n"), None);
    }
}
