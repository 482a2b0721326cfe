//! The finite set of harmless files that synthetic reports carry: drawn test cards, placeholder chats, noise that
//! stands for videos, and small archives. No photograph, no person, nothing that was ever outside this repository.
//!
//! A house in the profile `synthetic-demo` keeps only these bytes and asks [`contains`]. The digests are the
//! file `corpus.sha256` beside this crate's manifest, 32 bytes a file in the order of the numbers, written by
//! `cargo run -p synth --example corpus`; a test makes every file again and compares.

mod archive;
mod card;
mod font;
mod noise;
mod text;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use seal::DigestSet;

/// Drawn test cards: even numbers are PNG, odd numbers JPEG.
pub const CARDS: Range<usize> = 0..4096;
/// Noise of 4 to 20 KB that stands for videos.
pub const CLIPS: Range<usize> = 4096..8192;
/// Chat exports: even numbers are CSV, odd numbers plain text.
pub const CHATS: Range<usize> = 8192..8448;
/// Archives with two documents each.
pub const ARCHIVES: Range<usize> = 8448..8456;
/// Noise of exactly 100,000 bytes, for load.
pub const LOADS: Range<usize> = 8456..8488;
/// Files in the corpus.
pub const FILES: usize = LOADS.end;

/// SHA-256 of every file, in the order of the numbers.
static DIGESTS: &[u8] = include_bytes!("../corpus.sha256");

static KNOWN: LazyLock<HashSet<&'static [u8; 32]>> = LazyLock::new(|| DIGESTS.as_chunks().0.iter().collect());

/// A file that was made.
struct Made {
    bytes: Vec<u8>,
    digests: DigestSet,
}

/// Files are made when they are first asked for and then stay: about 70 MB when all are.
static MADE: [OnceLock<Made>; FILES] = [const { OnceLock::new() }; FILES];

/// The bytes of file number `n`, counted round when there are fewer.
#[must_use]
pub fn bytes(n: usize) -> &'static [u8] {
    &made(n).bytes
}

/// MD5, SHA-1 and SHA-256 of file number `n`.
#[must_use]
pub fn digests(n: usize) -> &'static DigestSet {
    &made(n).digests
}

/// Whether a SHA-256 is that of a file of the corpus. Makes no file.
#[must_use]
pub fn contains(sha256: &[u8; 32]) -> bool {
    KNOWN.contains(sha256)
}

/// What file number `n` is, as a provider would say: noise is called a video, which it is not.
#[must_use]
pub fn media_type(n: usize) -> &'static str {
    match n % FILES {
        n if CARDS.contains(&n) => ["image/png", "image/jpeg"][n % 2],
        n if CHATS.contains(&n) => ["text/csv", "text/plain"][n % 2],
        n if ARCHIVES.contains(&n) => "application/zip",
        n if LOADS.contains(&n) => "application/octet-stream",
        _ => "video/mp4",
    }
}

/// The ending that names of file number `n` have.
pub(crate) fn extension(n: usize) -> &'static str {
    match media_type(n) {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "text/csv" => "csv",
        "text/plain" => "txt",
        "application/zip" => "zip",
        "application/octet-stream" => "bin",
        _ => "mp4",
    }
}

fn made(n: usize) -> &'static Made {
    let n = n % FILES;
    MADE[n].get_or_init(|| {
        let bytes = make(n);
        let mut digests = seal::Digests::new();
        digests.update(&bytes);
        Made { digests: digests.finish(), bytes }
    })
}

/// Makes file number `n` anew.
fn make(n: usize) -> Vec<u8> {
    match n {
        n if CARDS.contains(&n) => card::draw(n),
        n if CHATS.contains(&n) => text::chat(n),
        n if ARCHIVES.contains(&n) => archive::two_documents(n),
        n if LOADS.contains(&n) => noise::of_length(n, 100_000),
        n => noise::clip(n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_what_the_committed_list_says() {
        assert_eq!(DIGESTS.len(), FILES * 32);
        let wrong: Vec<usize> =
            (0..FILES).filter(|n| seal::sha256(&make(*n)) != DIGESTS[n * 32..][..32]).collect();
        assert_eq!(
            wrong,
            Vec::<usize>::new(),
            "after a deliberate change: cargo run -p synth --example corpus"
        );
        assert_eq!(KNOWN.len(), FILES, "two files are the same");
    }

    #[test]
    fn a_file_of_the_corpus_is_known_and_a_changed_one_is_not() {
        let mut file = bytes(7).to_vec();
        assert!(contains(&seal::sha256(&file)));
        file[20] ^= 1;
        assert!(!contains(&seal::sha256(&file)));
        assert_eq!(bytes(FILES + 7), bytes(7));
        assert_eq!(digests(7).sha256, seal::sha256(bytes(7)));
    }

    #[test]
    fn cards_are_pictures_and_loads_have_their_length() {
        for n in 0..4 {
            let card = image::load_from_memory(bytes(n)).unwrap();
            assert_eq!((card.width(), card.height()), (card::WIDTH, card::HEIGHT));
            assert!(bytes(n).len() < 16_000, "{}", bytes(n).len());
        }
        assert_eq!(bytes(LOADS.start).len(), 100_000);
        assert_eq!(
            [media_type(0), media_type(1), media_type(CLIPS.start)],
            ["image/png", "image/jpeg", "video/mp4"]
        );
    }
}
