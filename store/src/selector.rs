//! What identifies people, accounts and files in a report, and the other reports that share it.
//!
//! The values are sealed in one piece under their report's key. Beside them stands a keyed digest of each, by which
//! other reports are found and which tells nothing to whoever has only the rows.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use database::{Args, FromRow, Row, bind};
use domain::{AgencyId, RelatedReport, ReportId, Selector, SelectorKind};
use policy::{Permit, Scope};
use serde_json::json;

use crate::sealed::{self, Cell};
use crate::{Act, Content, Event, EventKind, Result, View, column, reach};

const INSERT_LIST: &str = "-- selector::insert_list
    INSERT INTO selector_list (report_id, recorded_at, sealed_selectors) VALUES (:report, :now, :sealed)";

const INSERT: &str = "-- selector::insert
    INSERT INTO selector (report_id, digest, kind) VALUES (:report, :digest, :kind)";

const GET_LIST: &str = "-- selector::get_list
    SELECT sealed_selectors FROM selector_list WHERE report_id = :report";

const OF_REPORT: &str = "-- selector::of_report
    SELECT digest FROM selector WHERE report_id = :report ORDER BY digest LIMIT :most";

const SHARING: &str = "-- selector::sharing
    SELECT sharing.report_id, sharing.kind, delivery.agency_id
    FROM (
        SELECT report_id, kind FROM selector WHERE digest = :digest AND report_id <> :report
        ORDER BY digest DESC, report_id DESC LIMIT :most
    ) AS sharing
    LEFT JOIN delivery ON delivery.report_id = sharing.report_id";

const INSERT_LINK: &str = "-- selector::insert_link
    INSERT INTO link (report_id, other_id, kind, shared, linked_at) VALUES (:report, :other, :kind, :shared, :now)
    ON CONFLICT (report_id, other_id, kind) DO NOTHING";

const LINKS: &str = "-- selector::links
    SELECT other_id AS other, kind, shared FROM link WHERE report_id = :report
    UNION ALL
    SELECT report_id AS other, kind, shared FROM link WHERE other_id = :report
    ORDER BY other, kind LIMIT :most";

/// Different selectors of one report by which others are looked for; what is beyond is kept and not looked for.
pub const MOST_LOOKED_FOR: usize = 1_000;
/// Reports that are looked at for each selector, the newest first: what everybody shares tells nothing.
pub const MOST_SHARING: u32 = 100;
/// Related reports that are answered.
pub const MOST_RELATED: usize = 200;
/// Links of one report that are answered.
const MOST_LINKS: u32 = 5_000;
/// Bytes of a digest that are kept: enough that no two of billions meet by chance.
const DIGEST_BYTES: usize = 16;

type Digest = [u8; DIGEST_BYTES];

/// What correlation found between two reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The other report.
    pub other: ReportId,
    /// What kind of selector they share.
    pub kind: SelectorKind,
    /// How many of that kind.
    pub shared: u32,
}

/// Records what identifies somebody or something in a report, once, when it is correlated.
///
/// # Errors
/// A fault when it was recorded before.
pub fn record(act: &Act<'_>, report: ReportId, selectors: &[Selector]) -> Result<()> {
    let sealed = sealed::json(act, cell(report), selectors)?;
    act.tx().put(INSERT_LIST, &bind! { report: report.get(), now: column::micros(act.now()), sealed })?;
    let digests: BTreeMap<Digest, SelectorKind> =
        selectors.iter().take(MOST_LOOKED_FOR).map(|one| (digest(act, one), one.kind)).collect();
    let row = |(digest, kind): (&Digest, &SelectorKind)| {
        bind! { report: report.get(), digest, kind: kind.as_str() }
    };
    act.tx().put_many(INSERT, &digests.iter().map(row).collect::<Vec<_>>())?;
    let details = json!({ "selectors": selectors.len(), "looked_for": digests.len() });
    act.note(Event::of_report(EventKind::ReportCorrelated, report).with(details))?;
    Ok(())
}

/// What identifies somebody or something in a report, as it was recorded.
///
/// # Errors
/// [`crate::Refusal::NotFound`] out of the permit's reach, [`crate::Refusal::Destroyed`] without a key.
pub fn of_report<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Vec<Selector>> {
    reach::added(view, permit, report)?;
    match view.tx().find::<Vec<u8>>(GET_LIST, &bind! { report: report.get() })? {
        Some(sealed) => sealed::open_json(view, cell(report), &sealed),
        None => Ok(Vec::new()),
    }
}

/// Other reports that share a selector with this one, by pointer only: those that share most first, then the
/// newest. An agency hears only of reports that some agency has.
///
/// # Errors
/// [`crate::Refusal::NotFound`] out of the permit's reach.
pub fn related<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
) -> Result<Vec<RelatedReport>> {
    reach::added(view, permit, report)?;
    let asked = bind! { report: report.get(), most: MOST_LOOKED_FOR };
    let digests: Vec<Digest> = view.tx().rows(OF_REPORT, &asked)?;
    matching(view, permit, report, &digests)
}

/// As [`related`], for selectors that are in hand, and the links that follow, kind by kind: each other report with how
/// many selectors of a kind it shares, so many as [`related`] would answer for that kind alone.
///
/// # Errors
/// As [`related`].
pub fn compared<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
    selectors: &[Selector],
) -> Result<(Vec<RelatedReport>, Vec<Link>)> {
    let kinds: BTreeMap<Digest, SelectorKind> =
        selectors.iter().take(MOST_LOOKED_FOR).map(|one| (digest(view, one), one.kind)).collect();
    let digests: Vec<Digest> = kinds.keys().copied().collect();
    view.tx().ahead(&digests.iter().map(|digest| asked(report, digest)).collect::<Vec<_>>())?;
    reach::added(view, permit, report)?;
    let sharing = sharing(view, report, &digests)?;
    let mut links = Vec::new();
    for kind in kinds.values().collect::<BTreeSet<_>>() {
        let same = kinds.values().zip(&sharing).filter(|(other, _)| *other == kind).map(|(_, rows)| rows);
        let related = ranked(counted(same), permit.scope());
        links.extend(related.into_iter().map(|other| Link {
            other: other.report,
            kind: *kind,
            shared: other.shared,
        }));
    }
    Ok((ranked(counted(&sharing), permit.scope()), links))
}

/// Records links that correlation found, between reports that are there; one that is there already stays as it is.
///
/// # Errors
/// A fault of the database.
pub fn link(act: &Act<'_>, report: ReportId, links: &[Link]) -> Result<()> {
    let now = column::micros(act.now());
    let row = |link: &Link| {
        let (other, kind) = (link.other.get(), link.kind.as_str());
        bind! { report: report.get(), other, kind, shared: link.shared, now }
    };
    act.tx().put_many(INSERT_LINK, &links.iter().map(row).collect::<Vec<_>>())?;
    Ok(())
}

/// The links of a report, whichever of the two was there first.
///
/// # Errors
/// [`crate::Refusal::NotFound`] out of the permit's reach.
pub fn links<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Vec<Link>> {
    reach::added(view, permit, report)?;
    Ok(view.tx().rows(LINKS, &bind! { report: report.get(), most: MOST_LINKS })?)
}

fn matching<K>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
    digests: &[Digest],
) -> Result<Vec<RelatedReport>> {
    Ok(ranked(counted(&sharing(view, report, digests)?), permit.scope()))
}

/// Which reports share which selector. One short range of one index for each of them, all asked for together: what a
/// report is related to costs the same among millions.
fn sharing(view: &View<'_>, report: ReportId, digests: &[Digest]) -> Result<Vec<Vec<Sharing>>> {
    Ok(view.tx().rows_all(&digests.iter().map(|digest| asked(report, digest)).collect::<Vec<_>>())?)
}

fn asked(report: ReportId, digest: &Digest) -> (&'static str, Args) {
    (SHARING, bind! { digest, report: report.get(), most: MOST_SHARING })
}

/// What each other report has in common with the one that is asked about.
fn counted<'s>(sharing: impl IntoIterator<Item = &'s Vec<Sharing>>) -> BTreeMap<ReportId, Shared> {
    let mut found: BTreeMap<ReportId, Shared> = BTreeMap::new();
    for rows in sharing {
        // A report comes once for each agency that has it, and counts once.
        let mut counted = BTreeSet::new();
        for row in rows {
            let shared = found.entry(row.other).or_default();
            if counted.insert(row.other) {
                shared.count += 1;
            }
            shared.kinds.insert(row.kind);
            shared.holders.extend(row.holder.clone());
        }
    }
    found
}

fn ranked(found: BTreeMap<ReportId, Shared>, scope: &Scope) -> Vec<RelatedReport> {
    let held = |shared: &Shared| match scope {
        Scope::Agency(agency) => shared.holders.contains(agency),
        Scope::House | Scope::Provider(_) => false,
    };
    let tellable = |shared: &Shared| matches!(scope, Scope::House) || !shared.holders.is_empty();
    let told = found.into_iter().filter(|(_, shared)| tellable(shared));
    let mut related: Vec<RelatedReport> = told
        .map(|(report, shared)| RelatedReport {
            report,
            held: held(&shared),
            kinds: shared.kinds.into_iter().collect(),
            shared: shared.count,
            holders: shared.holders.into_iter().collect(),
        })
        .collect();
    related.sort_by_key(|one| Reverse((one.shared, one.report)));
    related.truncate(MOST_RELATED);
    related
}

/// What one other report has in common with the one that is asked about.
#[derive(Default)]
struct Shared {
    kinds: BTreeSet<SelectorKind>,
    count: u32,
    holders: BTreeSet<AgencyId>,
}

struct Sharing {
    other: ReportId,
    kind: SelectorKind,
    holder: Option<AgencyId>,
}

impl FromRow for Sharing {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let (other, kind) = (column::report(row, "report_id")?, column::parsed(row, "kind")?);
        Ok(Self { other, kind, holder: column::parsed_option(row, "agency_id")? })
    }
}

impl FromRow for Link {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let (other, kind) = (column::report(row, "other")?, column::parsed(row, "kind")?);
        Ok(Self { other, kind, shared: row.get("shared")? })
    }
}

/// The kind is part of what is digested: a telephone number is never taken for an account of the same digits.
fn digest(view: &View<'_>, selector: &Selector) -> Digest {
    digest_of(view, selector.kind, selector.normal.reveal())
}

/// By which a selector of this normal form is found.
#[must_use]
pub fn digest_of(view: &View<'_>, kind: SelectorKind, normal: &str) -> [u8; DIGEST_BYTES] {
    let named = [kind.as_str(), "\0", normal].concat();
    let whole = view.selector_digest(named.as_bytes());
    let mut digest = [0; DIGEST_BYTES];
    digest.copy_from_slice(&whole[..DIGEST_BYTES]);
    digest
}

fn cell(report: ReportId) -> Cell<'static> {
    Cell { report, table: "selector_list", row: "", column: "sealed_selectors" }
}
