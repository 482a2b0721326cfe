//! The two doors of the provider reporting API.

use cybertip::{Profile, Read, Rejection, file_details_to_xml, read_file_details, read_report, to_xml};
use domain::{FileStatement, Submission};
use jiff::Timestamp;

/// Answers are shown to people and kept in logs of clients.
const LONGEST_DESCRIPTION_BYTES: usize = 128 << 10;

/// Documents to begin mutations from.
pub const SEEDS: &[&[u8]] = &[
    include_bytes!("../../cybertip/fixtures/good/minimal-report.xml"),
    include_bytes!("../../cybertip/fixtures/good/rich-report.xml"),
    include_bytes!("../../cybertip/fixtures/good/batched-report.xml"),
    include_bytes!("../../cybertip/fixtures/good/file-details.xml"),
    include_bytes!("../../cybertip/fixtures/good/supplemental-file.xml"),
];

/// Reads `bytes` as a report in every profile; what is accepted without unknown parts survives being written.
///
/// # Panics
/// When a promise is broken: that is what a fuzzing engine looks for.
pub fn report(bytes: &[u8]) {
    for profile in Profile::ALL {
        let read = |bytes: &[u8]| read_report(bytes, None, profile, Timestamp::MAX);
        judge(
            profile,
            read(bytes),
            |value: &Submission| read(to_xml(value).as_bytes()),
            |value| value.unmodelled.is_empty(),
        );
    }
}

/// Reads `bytes` as file details in every profile; what is accepted without unknown parts survives being written.
///
/// # Panics
/// When a promise is broken: that is what a fuzzing engine looks for.
pub fn file_details(bytes: &[u8]) {
    for profile in Profile::ALL {
        let read = |bytes: &[u8]| read_file_details(bytes, None, profile, Timestamp::MAX);
        judge(
            profile,
            read(bytes),
            |value: &FileStatement| read(file_details_to_xml(value).as_bytes()),
            |value| value.unmodelled.is_empty(),
        );
    }
}

fn judge<T: PartialEq + std::fmt::Debug>(
    profile: Profile,
    read: Result<Read<T>, Rejection>,
    again: impl Fn(&T) -> Result<Read<T>, Rejection>,
    is_whole: impl Fn(&T) -> bool,
) {
    match read {
        Err(rejection) => {
            let description = rejection.description();
            assert!(
                description.len() <= LONGEST_DESCRIPTION_BYTES,
                "a description of {} bytes",
                description.len()
            );
            assert!(rejection.code() >= 4100, "a stranger's document is never a fault of ours");
        }
        // What only the lenient profile lets in may have no form that it would let in again.
        Ok(Read { value, .. }) if profile != Profile::Lenient && is_whole(&value) => {
            let second = again(&value).map(|read| read.value);
            assert_eq!(second.as_ref(), Ok(&value), "a written document reads back as the same value");
        }
        Ok(_) => {}
    }
}
