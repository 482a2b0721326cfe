//! What a report's rows say, in one digest a table, told to the ledger by the act that wrote them last. So that whoever
//! checks the ledger finds a row that was changed, lost or added, though its columns are in no event.
//!
//! The list says which columns are evidence: what they say never changes until another act of the same kinds says it anew.
//! What passes (stages, leases, marks of use) is not in it; `pipeline/tests/journey/mutation.rs` lists every column that is not.

use std::collections::BTreeMap;

use database::{Args, FromRow, FromValue, Mismatch, Row, Tx, ValueRef, bind};
use domain::ReportId;
use seal::Sha256;

use crate::{EventKind, Result};

/// A table with the columns of a report's rows that are evidence.
struct Rows {
    table: &'static str,
    /// Which events tell the digest of it.
    told_by: &'static [EventKind],
    /// Columns and order fixed: both are part of what was told.
    select: &'static str,
}

const REPORT: &str = "-- rows::report
    SELECT id, provider_id, credential_id, incident_type, urgent, documents, files, opened_at, finished_at,
        preserve_until, submission_sha256, sender_profile, contact_version
    FROM report WHERE id = :report";

const DOCUMENT: &str = "-- rows::document
    SELECT position, kind, file_id, received_at, superseded_at, size_bytes, sha256, sealed_content_type, sealed_body,
        sealed_reading
    FROM document WHERE report_id = :report ORDER BY position";

const EVIDENCE: &str = "-- rows::evidence
    SELECT file_id, position, received_at, size_bytes, md5, sha1, sha256, location, viewed, exif_viewed,
        publicly_available, statement, sealed_upload
    FROM evidence WHERE report_id = :report ORDER BY file_id";

const FINDING: &str = "-- rows::finding
    SELECT position, enricher, dataset, as_of, found_at, sealed_answers
    FROM finding WHERE report_id = :report ORDER BY position";

const SELECTOR_LIST: &str = "-- rows::selector_list
    SELECT recorded_at, sealed_selectors FROM selector_list WHERE report_id = :report";

const SELECTOR: &str = "-- rows::selector
    SELECT digest, kind FROM selector WHERE report_id = :report ORDER BY digest";

const LINK: &str = "-- rows::link
    SELECT other_id, kind, shared, linked_at FROM link WHERE report_id = :report ORDER BY other_id, kind";

const TRIAGE: &str = "-- rows::triage
    SELECT position, priority, rule_set, decided_at, reasons, sealed_facts
    FROM triage WHERE report_id = :report ORDER BY position";

const QUALITY: &str = "-- rows::quality
    SELECT provider_id, week, score, lacks, rule_set, judged_at FROM quality WHERE report_id = :report";

const ROUTE: &str = "-- rows::route
    SELECT position, rule_set, decided_at, sealed_facts, sealed_decision
    FROM route WHERE report_id = :report ORDER BY position";

const DELIVERY: &str = "-- rows::delivery
    SELECT leaf_id, agency_id, basis, channel, rule, says, rule_set, available_at, urgency, received_at, provider_id,
        incident_type, files
    FROM delivery WHERE report_id = :report ORDER BY leaf_id";

const RETENTION: &str = "-- rows::retention
    SELECT rule_set, recorded_at, next_at, clocks FROM retention WHERE report_id = :report";

/// Which tables are told by which events.
const ALL: &[Rows] = &[
    Rows { table: "report", told_by: &[EventKind::ReportFinished], select: REPORT },
    Rows { table: "document", told_by: &[EventKind::ReportFinished], select: DOCUMENT },
    Rows {
        table: "evidence",
        told_by: &[EventKind::ReportFinished, EventKind::FileDestroyed],
        select: EVIDENCE,
    },
    Rows { table: "finding", told_by: &[EventKind::ReportEnriched], select: FINDING },
    Rows { table: "selector_list", told_by: &[EventKind::ReportCorrelated], select: SELECTOR_LIST },
    Rows { table: "selector", told_by: &[EventKind::ReportCorrelated], select: SELECTOR },
    Rows { table: "link", told_by: &[EventKind::ReportTriaged], select: LINK },
    Rows { table: "triage", told_by: &[EventKind::ReportTriaged], select: TRIAGE },
    Rows { table: "quality", told_by: &[EventKind::ReportTriaged], select: QUALITY },
    Rows { table: "route", told_by: &[EventKind::ReportRouted], select: ROUTE },
    Rows { table: "delivery", told_by: &[EventKind::ReportDelivered], select: DELIVERY },
    Rows { table: "retention", told_by: &[EventKind::ReportRetained], select: RETENTION },
];

/// Tables by name, each with the digest of a report's rows in it.
pub(crate) type Digests = BTreeMap<String, String>;

/// Whether an event of this kind tells what rows say.
pub(crate) fn are_told_by(kind: EventKind) -> bool {
    ALL.iter().any(|rows| rows.told_by.contains(&kind))
}

/// What events of these kinds tell of their reports' rows, each in its place. All rows are read together.
pub(crate) fn told(tx: &Tx<'_>, events: &[(EventKind, ReportId)]) -> Result<Vec<Digests>> {
    let of = |kind| ALL.iter().filter(move |rows| rows.told_by.contains(&kind));
    // Many events of one act tell of the same rows, such as those of many files of a report: they are read once.
    let (mut asked, mut places) = (Vec::new(), BTreeMap::new());
    for (kind, report) in events {
        for rows in of(*kind) {
            places.entry((rows.table, *report)).or_insert_with(|| {
                asked.push((rows.select, bind! { report: report.get() }));
                asked.len() - 1
            });
        }
    }
    let digests = digests(tx, &asked)?;
    let told = events.iter().map(|(kind, report)| {
        let digest = |rows: &Rows| digests[places[&(rows.table, *report)]].clone();
        of(*kind).map(|rows| (rows.table.to_owned(), digest(rows))).collect()
    });
    Ok(told.collect())
}

/// The digests of reports' rows, each in one table, now; `None` for a table that is not in the list.
pub(crate) fn now(tx: &Tx<'_>, of: &[&(ReportId, String)]) -> Result<Vec<Option<String>>> {
    let select = |table: &str| ALL.iter().find(|rows| rows.table == table).map(|rows| rows.select);
    let known: Vec<_> = of.iter().map(|(report, table)| Some((select(table)?, *report))).collect();
    let asked = known.iter().flatten().map(|(select, report)| (*select, bind! { report: report.get() }));
    let mut digests = digests(tx, &asked.collect::<Vec<_>>())?.into_iter();
    Ok(known.iter().map(|known| known.and_then(|_| digests.next())).collect())
}

/// The digest over all rows of one statement without arguments.
pub(crate) fn spelled(tx: &Tx<'_>, select: &'static str) -> Result<String> {
    let digest = digests(tx, &[(select, bind! {})])?.pop();
    Ok(digest.unwrap_or_default())
}

/// One digest for each statement, over its rows as they arrive.
fn digests(tx: &Tx<'_>, asked: &[(&'static str, Args)]) -> Result<Vec<String>> {
    let mut digests: Vec<Sha256> = asked.iter().map(|_| Sha256::new()).collect();
    tx.each(asked, &mut |place, row| {
        let Spelled(row) = Spelled::from_row(row)?;
        digests[place].update(&(row.len() as u64).to_be_bytes());
        digests[place].update(&row);
        Ok(())
    })?;
    Ok(digests.into_iter().map(|digest| seal::hex(&digest.finish())).collect())
}

/// A row in the one spelling that is hashed: for each column its type, its length, its bytes.
struct Spelled(Vec<u8>);

impl FromRow for Spelled {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let columns = (0..row.width()).map(|place| row.at::<Spelling>(place));
        let columns = columns.map(|column| column.map(|Spelling(bytes)| bytes));
        Ok(Self(columns.collect::<std::result::Result<Vec<_>, _>>()?.concat()))
    }
}

struct Spelling(Vec<u8>);

impl FromValue for Spelling {
    fn from_value(value: ValueRef<'_>) -> std::result::Result<Self, Mismatch> {
        let number: [u8; 8];
        let (kind, bytes): (u8, &[u8]) = match value {
            ValueRef::Null => (0, &[]),
            ValueRef::Int(whole) => {
                number = whole.to_be_bytes();
                (1, &number)
            }
            ValueRef::Text(text) => (2, text.as_bytes()),
            ValueRef::Bytes(bytes) => (3, bytes),
            ValueRef::Real(real) => {
                number = real.to_be_bytes();
                (4, &number)
            }
        };
        Ok(Self([&[kind][..], &(bytes.len() as u64).to_be_bytes(), bytes].concat()))
    }
}
