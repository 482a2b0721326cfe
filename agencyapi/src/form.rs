//! The forms of text that this API takes and gives.

use jiff::Timestamp;

use crate::schema::{Form, Schema};

/// Words that people wrote: no control characters but line ends and tabs.
pub(crate) const WORDS: Form = Form {
    pattern: Some("^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f]*$"),
    format: None,
    letters: (1, 2_000),
    fits: |text| text.chars().all(|letter| !is_control(letter)),
};

/// Words as people of agencies wrote them, whatever is in them; only answers have them.
pub(crate) const SAID: Form = Form { pattern: None, format: None, letters: (0, 10_000), fits: |_| true };

const fn is_control(letter: char) -> bool {
    matches!(letter, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}')
}

/// Short words, such as the name of a unit.
pub(crate) const NAME: Form = Form {
    pattern: Some("^[^\\u0000-\\u001f\\u007f-\\u009f]*$"),
    format: None,
    letters: (1, 64),
    fits: |text| !text.chars().any(char::is_control),
};

/// The title of something: one line.
pub(crate) const TITLE: Form = Form { letters: (1, 200), ..NAME };

/// A name that this house gave: of a person, an agency, a delivery, a webhook.
pub(crate) const ID: Form = Form {
    pattern: Some("^[A-Za-z0-9_-]*$"),
    format: None,
    letters: (1, 64),
    fits: |text| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')),
};

/// The name of a file.
pub(crate) const FILE: Form = Form {
    pattern: Some("^[0-9a-f]*[abcdf][0-9a-f]*$"),
    format: None,
    letters: (32, 32),
    fits: |text| text.parse::<domain::FileId>().is_ok(),
};

/// A moment.
pub(crate) const MOMENT: Form = Form {
    pattern: None,
    format: Some("date-time"),
    letters: (20, 40),
    fits: |text| text.parse::<Timestamp>().is_ok(),
};

/// MD5, SHA-1 or SHA-256 in hexadecimal digits.
pub(crate) const DIGEST: Form = Form {
    pattern: Some("^([0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$"),
    format: None,
    letters: (32, 64),
    fits: |text| matches!(text.len(), 32 | 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
};

/// A secret that is shown once, or the name of its owner.
pub(crate) const SECRET: Form = Form {
    pattern: Some("^[!-~]*$"),
    format: None,
    letters: (1, 512),
    fits: |text| text.bytes().all(|byte| byte.is_ascii_graphic()),
};

/// A web address.
pub(crate) const URL: Form = Form {
    pattern: Some("^https?://[!-~]+$"),
    format: None,
    letters: (9, 1_000),
    fits: |text| {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic()))
    },
};

/// The number of a report or of a case.
pub(crate) const NUMBER: Schema = Schema::Whole(1, domain::ReportId::LIMIT - 1);

/// A cursor of the feed, or any other number that only grows.
pub(crate) const COUNT: Schema = Schema::Whole(0, i64::MAX as u64);

/// A cursor as the answer gives it: as text, because it may grow beyond what a program's numbers hold.
pub(crate) const CURSOR: Form = Form {
    pattern: Some("^[0-9]+$"),
    format: None,
    letters: (1, 20),
    fits: |text| text.bytes().all(|byte| byte.is_ascii_digit()),
};
