//! Hashes that an agency asks about: in which of its reports a file has one, and whether the clearinghouse ever had such a
//! file. That it had one in a report of somebody else is told as a word and nothing more.

use database::bind;
use domain::{Id, ReportId};
use policy::{List, Permit};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, agency};

// The newest reports that hold a file, those of the agency first. A report that was never finished is none.
const OF_MD5: &str = "-- hash::of_md5
    SELECT found.report_id,
        (SELECT COUNT(*) FROM delivery
            WHERE delivery.report_id = found.report_id AND delivery.agency_id = :agency) AS own
    FROM (SELECT DISTINCT report_id FROM evidence WHERE md5 = :digest AND report_id < :before
        ORDER BY report_id DESC LIMIT :within) AS found
        JOIN report ON report.id = found.report_id
    WHERE report.finished_at IS NOT NULL
    ORDER BY own DESC, found.report_id DESC LIMIT :most";

const OF_SHA1: &str = "-- hash::of_sha1
    SELECT found.report_id,
        (SELECT COUNT(*) FROM delivery
            WHERE delivery.report_id = found.report_id AND delivery.agency_id = :agency) AS own
    FROM (SELECT DISTINCT report_id FROM evidence WHERE sha1 = :digest AND report_id < :before
        ORDER BY report_id DESC LIMIT :within) AS found
        JOIN report ON report.id = found.report_id
    WHERE report.finished_at IS NOT NULL
    ORDER BY own DESC, found.report_id DESC LIMIT :most";

const OF_SHA256: &str = "-- hash::of_sha256
    SELECT found.report_id,
        (SELECT COUNT(*) FROM delivery
            WHERE delivery.report_id = found.report_id AND delivery.agency_id = :agency) AS own
    FROM (SELECT DISTINCT report_id FROM evidence WHERE sha256 = :digest AND report_id < :before
        ORDER BY report_id DESC LIMIT :within) AS found
        JOIN report ON report.id = found.report_id
    WHERE report.finished_at IS NOT NULL
    ORDER BY own DESC, found.report_id DESC LIMIT :most";

// The last report that was looked at, where there may be more behind it.
const LAST_OF_MD5: &str = "-- hash::last_of_md5
    SELECT DISTINCT report_id FROM evidence WHERE md5 = :digest AND report_id < :before
    ORDER BY report_id DESC LIMIT 1 OFFSET :passed";

const LAST_OF_SHA1: &str = "-- hash::last_of_sha1
    SELECT DISTINCT report_id FROM evidence WHERE sha1 = :digest AND report_id < :before
    ORDER BY report_id DESC LIMIT 1 OFFSET :passed";

const LAST_OF_SHA256: &str = "-- hash::last_of_sha256
    SELECT DISTINCT report_id FROM evidence WHERE sha256 = :digest AND report_id < :before
    ORDER BY report_id DESC LIMIT 1 OFFSET :passed";

/// Hashes of one question.
pub const MOST_HASHES: usize = 5_000;
/// Reports that are named for one.
pub const MOST_REPORTS: usize = 10;
/// Reports that are looked at for one, the newest first.
const MOST_WITHIN: u32 = 200;
/// Hashes that the database is asked about together.
const MOST_TOGETHER: usize = 256;

/// What is known of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A report of the agency holds a file with it.
    Delivered,
    /// The clearinghouse has had such a file: in no report of the agency among those that were looked at.
    Recognized,
    /// Nobody has sent one.
    Unrecognized,
}

impl Answer {
    /// Every answer.
    pub const ALL: &'static [Self] = &[Self::Delivered, Self::Recognized, Self::Unrecognized];

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Recognized => "recognized",
            Self::Unrecognized => "unrecognized",
        }
    }
}

/// The answer about one hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What is known.
    pub answer: Answer,
    /// The newest reports of the agency that hold the file.
    pub reports: Vec<ReportId>,
    /// What was not looked at lies before this report; nothing where the answer is whole.
    pub next: Option<ReportId>,
}

/// What is known of each of these digests, in their order, in reports before a number where one is given. Nothing of it is
/// answered before it is recorded by [`note`].
///
/// # Errors
/// [`Refusal::Unfit`] for none, for too many, and for what is neither MD5, SHA-1 nor SHA-256.
pub fn find(
    view: &View<'_>,
    permit: &Permit<List>,
    digests: &[Vec<u8>],
    before: Option<ReportId>,
) -> Result<Vec<Known>> {
    let own = agency(permit)?.as_str();
    if !(1..=MOST_HASHES).contains(&digests.len()) {
        return Err(Refusal::Unfit { what: "number of hashes" }.into());
    }
    let (mut asked, mut lasts) = (Vec::with_capacity(digests.len()), Vec::with_capacity(digests.len()));
    for digest in digests {
        let (sql, last) = match digest.len() {
            16 => (OF_MD5, LAST_OF_MD5),
            20 => (OF_SHA1, LAST_OF_SHA1),
            32 => (OF_SHA256, LAST_OF_SHA256),
            _ => return Err(Refusal::Unfit { what: "hash" }.into()),
        };
        let most = u32::try_from(MOST_REPORTS).unwrap_or(u32::MAX);
        let before = before.map_or(ReportId::LIMIT, ReportId::get);
        lasts.push((last, bind! { digest, before, passed: MOST_WITHIN - 1 }));
        asked.push((sql, bind! { digest, before, agency: own, within: MOST_WITHIN, most }));
    }
    let mut found = Vec::with_capacity(asked.len());
    for (together, lasts) in asked.chunks(MOST_TOGETHER).zip(lasts.chunks(MOST_TOGETHER)) {
        let rows = view.tx().rows_all(together)?;
        let lasts = view.tx().rows_all::<u64>(lasts)?;
        for (rows, last) in rows.into_iter().zip(lasts) {
            found.push(known(rows, last.into_iter().next())?);
        }
    }
    Ok(found)
}

/// Records that an agency asked, with the counts of what it is told and the bytes of the answer.
///
/// # Errors
/// A fault of the database.
pub fn note(act: &Act<'_>, permit: &Permit<List>, found: &[Known], bytes: u64) -> Result<()> {
    let count = |answer| found.iter().filter(|one| one.answer == answer).count();
    let details = json!({
        "agency": agency(permit)?, "asked": found.len(), "delivered": count(Answer::Delivered),
        "recognized": count(Answer::Recognized), "rule": permit.rule(),
    });
    act.note(Event::of_house(EventKind::HashesChecked).taking(bytes).with(details))?;
    Ok(())
}

fn known(rows: Vec<(u64, u64)>, last: Option<u64>) -> Result<Known> {
    let number = |report: u64| ReportId::try_from(report).map_err(|_| Refusal::NotFound);
    let own = rows.iter().filter(|(_, own)| *own > 0).map(|(report, _)| number(*report));
    let reports = own.collect::<std::result::Result<Vec<_>, _>>()?;
    let answer = match (reports.is_empty(), rows.is_empty()) {
        (false, _) => Answer::Delivered,
        (true, false) => Answer::Recognized,
        (true, true) => Answer::Unrecognized,
    };
    // As many as are named: the next ones lie before the last of them.
    let next = match reports.last() {
        Some(last) if reports.len() == MOST_REPORTS => Some(*last),
        _ => last.map(number).transpose()?,
    };
    Ok(Known { answer, reports, next })
}
