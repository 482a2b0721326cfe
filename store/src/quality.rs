//! How good reports are, as their senders may see it: one row a report, and the words of the rules once for each rule
//! set. What is stored of a reason is its rule and its counts. Reports of a week are counted as they are judged.

use std::collections::BTreeMap;

use database::{FromRow, Row, bind};
use domain::{Id, Lack, ProviderId, Quality, ReportId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use policy::quality::{Cases, QualityRule, sentence};
use policy::{Permit, Scope};

use crate::{Act, Content, Fault, Refusal, Result, View, column, reach};

const PUT: &str = "-- quality::put
    INSERT INTO quality (report_id, provider_id, week, score, lacks, rule_set, judged_at)
    VALUES (:report, :provider, :week, :score, :lacks, :rule_set, :now)
    ON CONFLICT (report_id) DO UPDATE SET score = excluded.score, lacks = excluded.lacks,
        rule_set = excluded.rule_set, judged_at = excluded.judged_at";

const KNOWS: &str = "-- quality::knows
    SELECT 1 FROM quality_rule WHERE rule_set = :rule_set LIMIT 1";

const INSERT_RULE: &str = "-- quality::insert_rule
    INSERT INTO quality_rule (rule_set, rule, effective_from, field, weight, says, why, fix)
    VALUES (:rule_set, :rule, :effective_from, :field, :weight, :says, :why, :fix)
    ON CONFLICT DO NOTHING";

const RULES: &str = "-- quality::rules
    SELECT rule, field, weight, says, why, fix FROM quality_rule
    WHERE rule_set = :rule_set AND effective_from <= :day ORDER BY rule, effective_from";

const OF_REPORT: &str = "-- quality::of_report
    SELECT score, lacks, rule_set, judged_at, finished_at FROM quality
    JOIN report ON report.id = quality.report_id WHERE quality.report_id = :report";

const SCORES: &str = "-- quality::scores
    SELECT week, score, COUNT(*) AS reports FROM quality
    WHERE provider_id = :provider AND week >= :first AND week <= :last
    GROUP BY week, score ORDER BY week, score";

const BEFORE: &str = "-- quality::before
    SELECT week, lacks FROM quality WHERE report_id = :report";

const TALLY: &str = "-- quality::tally
    INSERT INTO quality_tally (provider_id, week, rule, share, reports)
    VALUES (:provider, :week, :rule, :share, :more)
    ON CONFLICT (provider_id, week, rule, share)
    DO UPDATE SET reports = quality_tally.reports + excluded.reports";

const TALLIES: &str = "-- quality::tallies
    SELECT week, rule, CAST(SUM(reports) AS BIGINT) AS reports FROM quality_tally
    WHERE provider_id = :provider AND week >= :first AND week <= :last
    GROUP BY week, rule ORDER BY week, rule";

const NEWEST: &str = "-- quality::newest
    SELECT report_id, lacks, rule_set FROM quality
    WHERE provider_id = :provider AND week = :week ORDER BY report_id DESC LIMIT :most";

/// Rows that share one count. Two workers that judge reports of one sender wait for each other in one case of so many.
const SHARES: u64 = 16;
/// Stands for every judged report where a rule's name would stand.
const EVERY: &str = "";
/// Seconds of a week.
const WEEK_SECONDS: i64 = 7 * 24 * 60 * 60;
/// From the Monday before 1970-01-01 to that day.
const EPOCH_OFFSET_SECONDS: i64 = 3 * 24 * 60 * 60;

/// The number of a moment's ISO week, in UTC: 0 is the week of 1970-01-01.
#[must_use]
pub fn week_of(at: Timestamp) -> i64 {
    (at.as_second() + EPOCH_OFFSET_SECONDS).div_euclid(WEEK_SECONDS)
}

/// The first moment of a week.
#[must_use]
pub fn start_of(week: i64) -> Timestamp {
    Timestamp::from_second(week.saturating_mul(WEEK_SECONDS) - EPOCH_OFFSET_SECONDS).unwrap_or(Timestamp::MAX)
}

/// A judgement that is to be recorded.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Whose report it is.
    pub provider: ProviderId,
    /// When the report was finished.
    pub finished_at: Timestamp,
    /// What was found; its moment is that of the act.
    pub quality: Quality,
}

/// Reports of one week that have one score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scored {
    /// The week, from [`week_of`].
    pub week: i64,
    /// The score.
    pub score: u8,
    /// How many reports have it.
    pub reports: u64,
}

/// Reports of one week that lack something by one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallied {
    /// The week, from [`week_of`].
    pub week: i64,
    /// The rule; `None` for all reports that were counted.
    pub rule: Option<String>,
    /// How many.
    pub reports: u64,
}

/// What one report of a week lacks, by rule and count only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    /// The report.
    pub report: ReportId,
    /// Rules that spoke.
    pub rules: Vec<String>,
    /// Under which rule set.
    pub rule_set: String,
}

/// Says that [`record`] will be called in this act.
///
/// # Errors
/// A fault of the database.
pub fn foresee(act: &Act<'_>, report: ReportId, rule_set: &str) -> Result<()> {
    Ok(act.tx().ahead(&[(KNOWS, bind! { rule_set }), (BEFORE, bind! { report: report.get() })])?)
}

/// Records what was found of a report, beside what the act is for: it is advice, and has no leaf of its own.
///
/// # Errors
/// A fault of the database.
pub fn record<'a>(
    act: &Act<'_>,
    report: ReportId,
    judged: &Judged,
    rules: impl Iterator<Item = &'a QualityRule>,
) -> Result<()> {
    let Judged { provider, finished_at, quality: Quality { score, lacks, rule_set, .. } } = judged;
    let known: Option<u32> = act.tx().find(KNOWS, &bind! { rule_set })?;
    if known.is_none() {
        let rows: Vec<_> = rules.map(|rule| words(rule_set, rule)).collect();
        act.tx().put_many(INSERT_RULE, &rows)?;
    }
    let lacks: Vec<Counted> = lacks.iter().map(|lack| (lack.rule.clone(), lack.count, lack.of)).collect();
    tally(act, report, provider, (week_of(*finished_at), &lacks))?;
    let lacks = serde_json::to_string(&lacks).map_err(|_| Fault::Row { what: "lacks" })?;
    let row = bind! {
        report: report.get(), provider: provider.as_str(), week: week_of(*finished_at), score: *score, lacks,
        rule_set, now: column::micros(act.now()),
    };
    act.tx().put(PUT, &row)?;
    Ok(())
}

/// Counts what is found now, and no longer what was found of the same report before. Rules come in their order, so that
/// two acts never hold what the other waits for.
fn tally(
    act: &Act<'_>,
    report: ReportId,
    provider: &ProviderId,
    (week, lacks): (i64, &[Counted]),
) -> Result<()> {
    let mut changes: BTreeMap<(i64, &str), i64> = BTreeMap::new();
    let before: Option<Before> = act.tx().find(BEFORE, &bind! { report: report.get() })?;
    let earlier =
        before.map(|Before(week, lacks)| Ok::<_, crate::Error>((week, counted(&lacks)?))).transpose()?;
    let judgements = [(week, lacks, 1)].into_iter();
    let judgements = judgements.chain(earlier.iter().map(|(week, lacks)| (*week, lacks.as_slice(), -1)));
    for (week, lacks, more) in judgements {
        for rule in lacks.iter().map(|(rule, ..)| rule.as_str()).chain([EVERY]) {
            *changes.entry((week, rule)).or_default() += more;
        }
    }
    let share = report.get() % SHARES;
    let changed = changes.into_iter().filter(|(_, more)| *more != 0);
    let rows: Vec<_> = changed
        .map(|((week, rule), more)| bind! { provider: provider.as_str(), week, rule, share, more })
        .collect();
    act.tx().put_many(TALLY, &rows)?;
    Ok(())
}

fn words(rule_set: &str, rule: &QualityRule) -> database::Args {
    let QualityRule { name, field, weight, says, why, fix, .. } = rule;
    bind! {
        rule_set, rule: name, effective_from: rule.effective.from.map_or_else(String::new, |day| day.to_string()),
        field, weight: *weight, says, why, fix,
    }
}

/// What was found of a report; `None` before it was judged. Its own sender sees it too.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach.
pub fn of_report<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
) -> Result<Option<Quality>> {
    reach::submitted(view, permit, report)?;
    let Some(row) = view.tx().find::<Stored>(OF_REPORT, &bind! { report: report.get() })? else {
        return Ok(None);
    };
    let words = rules(view, &row.rule_set, row.finished_at)?;
    let lacks = counted(&row.lacks)?.into_iter().map(|lack| lacking(&words, lack)).collect();
    Ok(Some(Quality { score: row.score, lacks, rule_set: row.rule_set, judged_at: row.judged_at }))
}

/// The words of a rule set as they stood on a day, by rule: each a lack without counts.
///
/// # Errors
/// A fault of the database.
pub fn rules(view: &View<'_>, rule_set: &str, at: Timestamp) -> Result<BTreeMap<String, Lack>> {
    let day = at.to_zoned_datetime(TimeZone::UTC).date().to_string();
    let rows: Vec<Words> = view.tx().rows(RULES, &bind! { rule_set, day })?;
    // A later version of a rule comes later, and stays.
    Ok(rows.into_iter().map(|Words(lack)| (lack.rule.clone(), lack)).collect())
}

/// How many reports of the permit's provider have which score, week by week.
///
/// # Errors
/// [`Refusal::NotFound`] for a permit that is not a provider's.
pub fn scores<K: Content>(view: &View<'_>, permit: &Permit<K>, first: i64, last: i64) -> Result<Vec<Scored>> {
    let provider = own(permit)?;
    Ok(view.tx().rows(SCORES, &bind! { provider: provider.as_str(), first, last })?)
}

/// How many reports of the permit's provider lack what, week by week, and how many were counted.
///
/// # Errors
/// As [`scores`].
pub fn tallies<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    first: i64,
    last: i64,
) -> Result<Vec<Tallied>> {
    let provider = own(permit)?;
    Ok(view.tx().rows(TALLIES, &bind! { provider: provider.as_str(), first, last })?)
}

/// What the newest reports of one week of the permit's provider lack, the newest first.
///
/// # Errors
/// As [`scores`].
pub fn newest<K: Content>(view: &View<'_>, permit: &Permit<K>, week: i64, most: u32) -> Result<Vec<Lacking>> {
    let provider = own(permit)?;
    Ok(view.tx().rows(NEWEST, &bind! { provider: provider.as_str(), week, most })?)
}

fn own<K: Content>(permit: &Permit<K>) -> Result<&ProviderId> {
    match permit.scope() {
        Scope::Provider(provider) => Ok(provider),
        Scope::House | Scope::Agency(_) => Err(Refusal::NotFound.into()),
    }
}

/// A reason as it is stored: rule, cases that miss it, all cases.
type Counted = (String, u32, u32);

fn counted(text: &str) -> Result<Vec<Counted>> {
    Ok(serde_json::from_str(text).map_err(|_| Fault::Row { what: "lacks" })?)
}

/// A reason with its words. The words of a rule set are stored before its first judgement, so they are there.
fn lacking(words: &BTreeMap<String, Lack>, (rule, count, of): Counted) -> Lack {
    let cases = Cases { count, of };
    match words.get(&rule) {
        Some(known) => Lack { says: sentence(&known.says, cases), count, of, ..known.clone() },
        None => Lack { says: rule.clone(), rule, count, of, ..bare() },
    }
}

const fn bare() -> Lack {
    let empty = String::new;
    Lack {
        rule: empty(),
        field: empty(),
        says: empty(),
        why: empty(),
        fix: empty(),
        weight: 0,
        count: 0,
        of: 0,
    }
}

struct Stored {
    score: u8,
    lacks: String,
    rule_set: String,
    judged_at: Timestamp,
    finished_at: Timestamp,
}

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            score: row.get("score")?,
            lacks: row.get("lacks")?,
            rule_set: row.get("rule_set")?,
            judged_at: column::moment(row, "judged_at")?,
            finished_at: column::moment(row, "finished_at")?,
        })
    }
}

struct Words(Lack);

impl FromRow for Words {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let (rule, field, weight) = (row.get("rule")?, row.get("field")?, row.get("weight")?);
        let (says, why, fix) = (row.get("says")?, row.get("why")?, row.get("fix")?);
        Ok(Self(Lack { rule, field, says, why, fix, weight, count: 0, of: 0 }))
    }
}

impl FromRow for Scored {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { week: row.get("week")?, score: row.get("score")?, reports: row.get("reports")? })
    }
}

struct Before(i64, String);

impl FromRow for Before {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(row.get("week")?, row.get("lacks")?))
    }
}

impl FromRow for Tallied {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let rule: String = row.get("rule")?;
        let rule = (rule != EVERY).then_some(rule);
        Ok(Self { week: row.get("week")?, rule, reports: row.get("reports")? })
    }
}

impl FromRow for Lacking {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let lacks: String = row.get("lacks")?;
        // What cannot be read counts as nothing: the page of one report says that it is broken.
        let rules = counted(&lacks).unwrap_or_default().into_iter().map(|(rule, ..)| rule).collect();
        Ok(Self { report: column::report(row, "report_id")?, rules, rule_set: row.get("rule_set")? })
    }
}
