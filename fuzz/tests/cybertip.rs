//! The reporting language under random bytes and under good documents with damage.

use bolero::check;
use fuzz::cybertip::{SEEDS, file_details, report};

/// Enough for a build server; an engine goes on from there.
const ITERATIONS: usize = 2_000;

/// One change of a document: at a place, take some bytes away and put others there.
type Damage = (u16, u8, Vec<u8>);

fn damaged(seed: u8, damages: &[Damage]) -> Vec<u8> {
    let mut bytes = SEEDS[usize::from(seed) % SEEDS.len()].to_vec();
    for (place, taken, put) in damages {
        let begin = usize::from(*place) % (bytes.len() + 1);
        let end = (begin + usize::from(*taken % 16)).min(bytes.len());
        bytes.splice(begin..end, put.iter().copied());
    }
    bytes
}

#[test]
fn a_report_of_any_bytes_is_read_or_refused() {
    check!().with_iterations(ITERATIONS).for_each(|bytes: &[u8]| report(bytes));
}

#[test]
fn a_file_statement_of_any_bytes_is_read_or_refused() {
    check!().with_iterations(ITERATIONS).for_each(|bytes: &[u8]| file_details(bytes));
}

#[test]
fn a_damaged_document_is_read_or_refused() {
    check!().with_iterations(ITERATIONS).with_type::<(u8, Vec<Damage>)>().for_each(|(seed, damages)| {
        let bytes = damaged(*seed, damages);
        report(&bytes);
        file_details(&bytes);
    });
}

#[test]
fn two_documents_spliced_at_their_tags_are_read_or_refused() {
    check!().with_iterations(ITERATIONS).with_type::<[u16; 6]>().for_each(|[seed, other, a, b, c, d]| {
        let tags = |seed: u16| -> Vec<&'static [u8]> {
            SEEDS[usize::from(seed) % SEEDS.len()].split_inclusive(|byte| *byte == b'>').collect()
        };
        let (mut host, guest) = (tags(*seed), tags(*other));
        let (from, to) = range(*a, *b, guest.len());
        let (begin, end) = range(*c, *d, host.len());
        host.splice(begin..end.min(begin + 4), guest[from..to.min(from + 12)].iter().copied());
        let bytes = host.concat();
        report(&bytes);
        file_details(&bytes);
    });
}

fn range(a: u16, b: u16, len: usize) -> (usize, usize) {
    let (a, b) = (usize::from(a) % (len + 1), usize::from(b) % (len + 1));
    (a.min(b), a.max(b))
}
