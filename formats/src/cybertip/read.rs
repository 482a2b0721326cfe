//! The two doors of the language: bytes in, a domain value or a rejection out.

use domain::{FileStatement, Submission};
use jiff::Timestamp;

use super::outcome::{Complaint, Read, Rejection};
use super::profile::Profile;

/// Reads a `report` document. `charset` is the parameter of the Content-Type header, `now` the house's clock.
///
/// # Errors
/// A [`Rejection`] in the words of the API: malformed (4110) or invalid (4100).
pub fn read_report(
    bytes: &[u8],
    charset: Option<&str>,
    profile: Profile,
    now: Timestamp,
) -> Result<Read<Submission>, Rejection> {
    Err(unread(bytes, charset, profile, now))
}

/// Reads a `fileDetails` document. `charset` is the parameter of the Content-Type header, `now` the house's clock.
///
/// # Errors
/// A [`Rejection`] in the words of the API: malformed (4110), invalid (4100), or an id that nothing of ours can have.
pub fn read_file_details(
    bytes: &[u8],
    charset: Option<&str>,
    profile: Profile,
    now: Timestamp,
) -> Result<Read<FileStatement>, Rejection> {
    Err(unread(bytes, charset, profile, now))
}

fn unread(_: &[u8], _: Option<&str>, _: Profile, _: Timestamp) -> Rejection {
    Rejection::Malformed(Complaint { line: 1, column: 1, text: String::new(), help: None })
}
