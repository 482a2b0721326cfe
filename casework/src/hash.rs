//! Hashes that an agency asks about: in which of its reports a file has one, and whether the clearinghouse ever had such a
//! file. That it had one in a report of somebody else is told as a word and nothing more.

use std::collections::{BTreeMap, BTreeSet};

use database::{Args, bind};
use domain::{AgencyId, Id, ReportId};
use policy::{List, Permit};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, agency};

// The newest reports of the agency that hold a file; never a number of anybody else's.
const OWN_OF_MD5: &str = "-- hash::own_of_md5
    SELECT DISTINCT report_id FROM evidence
    WHERE md5 = :digest AND report_id < :before AND EXISTS (SELECT 1 FROM delivery
        WHERE delivery.report_id = evidence.report_id AND delivery.agency_id = :agency)
    ORDER BY report_id DESC LIMIT :most";

const OWN_OF_SHA1: &str = "-- hash::own_of_sha1
    SELECT DISTINCT report_id FROM evidence
    WHERE sha1 = :digest AND report_id < :before AND EXISTS (SELECT 1 FROM delivery
        WHERE delivery.report_id = evidence.report_id AND delivery.agency_id = :agency)
    ORDER BY report_id DESC LIMIT :most";

const OWN_OF_SHA256: &str = "-- hash::own_of_sha256
    SELECT DISTINCT report_id FROM evidence
    WHERE sha256 = :digest AND report_id < :before AND EXISTS (SELECT 1 FROM delivery
        WHERE delivery.report_id = evidence.report_id AND delivery.agency_id = :agency)
    ORDER BY report_id DESC LIMIT :most";

// Whether anybody sent such a file. A report that was never finished is none.
const ANY_OF_MD5: &str = "-- hash::any_of_md5
    SELECT report_id FROM evidence
    WHERE md5 = :digest AND EXISTS (SELECT 1 FROM report
        WHERE report.id = evidence.report_id AND report.finished_at IS NOT NULL)
    LIMIT 1";

const ANY_OF_SHA1: &str = "-- hash::any_of_sha1
    SELECT report_id FROM evidence
    WHERE sha1 = :digest AND EXISTS (SELECT 1 FROM report
        WHERE report.id = evidence.report_id AND report.finished_at IS NOT NULL)
    LIMIT 1";

const ANY_OF_SHA256: &str = "-- hash::any_of_sha256
    SELECT report_id FROM evidence
    WHERE sha256 = :digest AND EXISTS (SELECT 1 FROM report
        WHERE report.id = evidence.report_id AND report.finished_at IS NOT NULL)
    LIMIT 1";

/// Hashes of one question.
pub const MOST_HASHES: usize = 5_000;
/// Reports that are named for one.
pub const MOST_REPORTS: usize = 10;
/// Hashes that the database is asked about together.
const MOST_TOGETHER: usize = 256;

/// What is known of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A report of the agency holds a file with it.
    Delivered,
    /// The clearinghouse has had such a file: in no report of the agency.
    Recognized,
    /// No report that was finished holds one.
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

/// The answer about one hash. The word is that of all reports, whichever page is asked for: otherwise it would tell, number
/// by number, where others have the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What is known.
    pub answer: Answer,
    /// The newest reports of the agency that hold the file.
    pub reports: Vec<ReportId>,
    /// The last of them, where more of the agency's own lie before it.
    pub next: Option<ReportId>,
}

/// What is known of each of these digests, in their order; of the agency's own reports, those before a number where one is
/// given. Nothing of it is answered before it is recorded by [`note`].
///
/// # Errors
/// [`Refusal::Unfit`] for none, for too many, and for what is neither MD5, SHA-1 nor SHA-256.
pub fn find(
    view: &View<'_>,
    permit: &Permit<List>,
    digests: &[Vec<u8>],
    before: Option<ReportId>,
) -> Result<Vec<Known>> {
    let own = agency(permit)?;
    if !(1..=MOST_HASHES).contains(&digests.len()) {
        return Err(Refusal::Unfit { what: "number of hashes" }.into());
    }
    // Asked many times in one question, a hash is looked for once.
    let once: Vec<&[u8]> = digests.iter().map(Vec::as_slice).collect::<BTreeSet<_>>().into_iter().collect();
    let pages =
        of_agency(view, own, &once, (before.map_or(ReportId::LIMIT, ReportId::get), MOST_REPORTS + 1))?;
    let ever = match before {
        Some(_) => of_agency(view, own, &once, (ReportId::LIMIT, 1))?,
        None => pages.clone(),
    };
    let asked = once.iter().map(|digest| Ok((texts(digest)?.1, bind! { digest })));
    let anybodys = ask(view, &asked.collect::<Result<Vec<_>>>()?)?;
    let known = pages.into_iter().zip(ever).zip(anybodys).map(|((page, ever), any)| {
        let answer = match (ever.is_empty(), any.is_empty()) {
            (false, _) => Answer::Delivered,
            (true, false) => Answer::Recognized,
            (true, true) => Answer::Unrecognized,
        };
        known(answer, page)
    });
    let known: BTreeMap<&[u8], Known> = once.iter().copied().zip(known).collect();
    Ok(digests.iter().filter_map(|digest| known.get(digest.as_slice()).cloned()).collect())
}

/// So many of an agency's reports before a number that hold each of these.
fn of_agency(
    view: &View<'_>,
    own: &AgencyId,
    digests: &[&[u8]],
    (before, most): (u64, usize),
) -> Result<Vec<Vec<ReportId>>> {
    let (agency, most) = (own.as_str(), u32::try_from(most).unwrap_or(u32::MAX));
    let asked = digests.iter().map(|digest| Ok((texts(digest)?.0, bind! { digest, before, agency, most })));
    ask(view, &asked.collect::<Result<Vec<_>>>()?)
}

/// What is asked about a digest of its length: for the agency's reports, and whether anybody sent one.
fn texts(digest: &[u8]) -> Result<(&'static str, &'static str)> {
    match digest.len() {
        16 => Ok((OWN_OF_MD5, ANY_OF_MD5)),
        20 => Ok((OWN_OF_SHA1, ANY_OF_SHA1)),
        32 => Ok((OWN_OF_SHA256, ANY_OF_SHA256)),
        _ => Err(Refusal::Unfit { what: "hash" }.into()),
    }
}

fn ask(view: &View<'_>, asked: &[(&'static str, Args)]) -> Result<Vec<Vec<ReportId>>> {
    let mut found = Vec::with_capacity(asked.len());
    let number = |report: u64| Ok(ReportId::try_from(report).map_err(|_| Refusal::NotFound)?);
    for together in asked.chunks(MOST_TOGETHER) {
        for rows in view.tx().rows_all::<u64>(together)? {
            found.push(rows.into_iter().map(number).collect::<Result<_>>()?);
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

/// As many as are named, and one more where there is one.
fn known(answer: Answer, mut reports: Vec<ReportId>) -> Known {
    let more = reports.len() > MOST_REPORTS;
    reports.truncate(MOST_REPORTS);
    let next = reports.last().copied().filter(|_| more);
    Known { answer, reports, next }
}
