//! The weeks of one provider: how good its reports were, what they lacked most, and where that is going.

use std::collections::BTreeMap;

use domain::{Lack, ReportId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use policy::{Permit, Read};
use serde::Serialize;
use store::quality::{self, Lacking, Scored, Tallied};
use store::{View, quality::start_of};

/// The most weeks that one card shows.
pub const MOST_WEEKS: u32 = 53;
/// Reports of a week among which examples are looked for, the newest. Counts are of all.
const MOST_SEARCHED: u32 = 2_000;
/// Reasons that a week names.
const MOST_COMMON: usize = 5;
/// Example reports of one reason.
const MOST_EXAMPLES: usize = 3;

/// One ISO week of one provider's finished reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeekCard {
    /// Its name, such as `2026-W48`.
    pub week: String,
    /// Its first day.
    pub monday: Date,
    /// Reports judged in it.
    pub reports: u64,
    /// Mean score; `None` without reports.
    pub mean: Option<f64>,
    /// Median score, the lower of two; `None` without reports.
    pub median: Option<u8>,
    /// By how much the mean rose against the last week before it that had reports.
    pub trend: Option<f64>,
    /// What its reports lacked most often, the most common first.
    pub common: Vec<CommonLack>,
    /// How many of its reports those counts are of: all, but in weeks from before reports were counted as they are judged.
    pub counted: u64,
}

impl WeekCard {
    /// How many reports were counted, where that must be said: silence of a week in which nobody counted yet is no praise.
    #[must_use]
    pub fn counted_of(&self) -> Option<String> {
        let missed = "Nothing that our rules ask for was missing";
        let older = "the others came before reports were counted";
        match (self.counted, self.common.is_empty()) {
            (0, _) => Some("What the reports of this week lacked was not counted then.".to_owned()),
            (some, true) if some < self.reports => {
                Some(format!("{missed} in the {some} reports that were counted; {older}."))
            }
            (some, false) if some < self.reports => {
                Some(format!("Only {some} of them are counted; {older}."))
            }
            (_, true) => Some(format!("{missed}.")),
            (_, false) => None,
        }
    }
}

/// What many reports of a week lack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommonLack {
    /// The rule's name.
    pub rule: String,
    /// The field that it looks at.
    pub field: String,
    /// Why an investigator needs it.
    pub why: String,
    /// What to do about it.
    pub fix: String,
    /// Reports that lack it, of those counted.
    pub reports: u64,
    /// The newest of them, if they are among the newest of the week.
    pub examples: Vec<ReportId>,
}

/// The last so many weeks up to the present one, the oldest first, empty ones among them.
pub(super) fn cards(view: &View<'_>, permit: &Permit<Read>, weeks: u32) -> store::Result<Vec<WeekCard>> {
    let last = quality::week_of(view.now());
    let first = last - i64::from(weeks.clamp(1, MOST_WEEKS)) + 1;
    let mut scores: BTreeMap<i64, Vec<Scored>> = BTreeMap::new();
    for scored in quality::scores(view, permit, first, last)? {
        scores.entry(scored.week).or_default().push(scored);
    }
    let mut tallies: BTreeMap<i64, Vec<Tallied>> = BTreeMap::new();
    for tallied in quality::tallies(view, permit, first, last)? {
        tallies.entry(tallied.week).or_default().push(tallied);
    }
    let mut cards = Vec::new();
    let mut before = None;
    for week in first..=last {
        let scored = scores.remove(&week).unwrap_or_default();
        let tallied = tallies.remove(&week).unwrap_or_default();
        let lacking = match scored.is_empty() {
            true => Vec::new(),
            false => quality::newest(view, permit, week, MOST_SEARCHED)?,
        };
        let card = card(&scored, before, Week { view, week, tallied, lacking })?;
        before = card.mean.or(before);
        cards.push(card);
    }
    Ok(cards)
}

/// What was read of one week.
struct Week<'a> {
    view: &'a View<'a>,
    week: i64,
    tallied: Vec<Tallied>,
    lacking: Vec<Lacking>,
}

fn card(scored: &[Scored], before: Option<f64>, week: Week<'_>) -> store::Result<WeekCard> {
    let monday = start_of(week.week).to_zoned_datetime(TimeZone::UTC).date();
    let mean = mean(scored);
    let counted = week.tallied.iter().find(|one| one.rule.is_none()).map_or(0, |one| one.reports);
    Ok(WeekCard {
        week: name(monday),
        monday,
        reports: scored.iter().map(|one| one.reports).sum(),
        mean,
        median: median(scored),
        trend: mean.zip(before).map(|(now, before)| now - before),
        common: week.common()?,
        counted,
    })
}

fn name(monday: Date) -> String {
    let week = monday.iso_week_date();
    format!("{}-W{:02}", week.year(), week.week())
}

#[expect(clippy::cast_precision_loss, reason = "reports of a week are far below 2^52")]
fn mean(scored: &[Scored]) -> Option<f64> {
    let reports: u64 = scored.iter().map(|one| one.reports).sum();
    let total: u64 = scored.iter().map(|one| u64::from(one.score) * one.reports).sum();
    (reports > 0).then(|| total as f64 / reports as f64)
}

/// Scores come in their order.
fn median(scored: &[Scored]) -> Option<u8> {
    let reports: u64 = scored.iter().map(|one| one.reports).sum();
    let half = reports.div_ceil(2);
    let mut passed = 0;
    let middle = scored.iter().find(|one| {
        passed += one.reports;
        passed >= half
    });
    middle.map(|one| one.score)
}

impl Week<'_> {
    fn common(&self) -> store::Result<Vec<CommonLack>> {
        let Some(newest) = self.lacking.first() else { return Ok(Vec::new()) };
        let words = quality::rules(self.view, &newest.rule_set, start_of(self.week + 1))?;
        let weight = |rule: &str| words.get(rule).map_or(0, |lack| lack.weight);
        let mut ranked: Vec<(&str, u64)> = self
            .tallied
            .iter()
            .filter_map(|one| Some((one.rule.as_deref()?, one.reports)))
            .filter(|(_, reports)| *reports > 0)
            .collect();
        ranked.sort_by_key(|(rule, reports)| std::cmp::Reverse((*reports, weight(rule))));
        ranked.truncate(MOST_COMMON);
        Ok(ranked.into_iter().map(|(rule, reports)| self.of(rule, reports, words.get(rule))).collect())
    }

    fn of(&self, rule: &str, reports: u64, words: Option<&Lack>) -> CommonLack {
        let word = |read: fn(&Lack) -> &String| words.map(|lack| read(lack).clone()).unwrap_or_default();
        let examples = self.lacking.iter().filter(|one| one.rules.iter().any(|known| known == rule));
        CommonLack {
            rule: rule.to_owned(),
            field: word(|lack| &lack.field),
            why: word(|lack| &lack.why),
            fix: word(|lack| &lack.fix),
            reports,
            examples: examples.map(|one| one.report).take(MOST_EXAMPLES).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(rows: &[(u8, u64)]) -> Vec<Scored> {
        rows.iter().map(|(score, reports)| Scored { week: 0, score: *score, reports: *reports }).collect()
    }

    #[test]
    fn the_middle_report_is_the_median_and_every_report_counts_in_the_mean() {
        let rows = scored(&[(10, 1), (50, 1), (90, 2)]);
        assert_eq!((mean(&rows), median(&rows)), (Some(60.0), Some(50)));
        assert_eq!((mean(&[]), median(&[])), (None, None));
        assert_eq!(median(&scored(&[(70, 1)])), Some(70));
    }

    #[test]
    fn a_week_in_which_nobody_counted_is_not_praised_and_a_part_of_one_says_so() {
        let word = || "port".to_owned();
        let (rule, field, why, fix) = (word(), word(), word(), word());
        let lack = CommonLack { rule, field, why, fix, reports: 3, examples: Vec::new() };
        let said = |counted, common: &[CommonLack]| {
            let (week, monday, common) = (word(), "2026-11-23".parse().unwrap(), common.to_vec());
            let (mean, median, trend) = (Some(70.0), Some(70), None);
            WeekCard { week, monday, reports: 12, mean, median, trend, common, counted }.counted_of()
        };
        let missed = "Nothing that our rules ask for was missing";
        assert_eq!(said(0, &[]).unwrap(), "What the reports of this week lacked was not counted then.");
        assert!(said(5, &[]).unwrap().starts_with(&format!("{missed} in the 5 reports that were counted;")));
        assert_eq!(said(12, &[]).unwrap(), format!("{missed}."));
        assert!(said(5, std::slice::from_ref(&lack)).unwrap().starts_with("Only 5 of them are counted;"));
        assert_eq!(said(12, &[lack]), None);
    }

    #[test]
    fn a_week_has_the_name_that_calendars_give_it() {
        for (monday, week) in
            [("2026-11-23", "2026-W48"), ("2025-12-29", "2026-W01"), ("2026-12-28", "2026-W53")]
        {
            assert_eq!(name(monday.parse().unwrap()), week);
        }
    }
}
