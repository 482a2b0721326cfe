//! Which clocks run for a report: until when its provider must preserve it, when an agency is reminded, when people
//! decide again whether a class of data is still needed. The schedule is configuration that a house must bring.

use domain::{Profile, preserve_until};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::rules::{Cause, RuleFault, parse};

/// The classes of data that a schedule must speak of, each once; one from before [`WORDS`] lacks that.
pub const DATA_CLASSES: &[&str] =
    &["report", "evidence", "finding", "selector", "words", "decision", "delivery", "audit"];

/// The class of words that people write about the house's own acts: why a hold, what two people agreed on.
pub const WORDS: &str = "words";

/// Classes that go with their report.
pub const GO_WITH_REPORT: [&str; 2] = ["finding", "selector"];

/// The days of one house for each class of data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The kind of house that it is for.
    pub profile: Profile,
    /// Who decided it, and on what ground.
    pub source: String,
    /// Days before the provider's preservation ends at which the agency that holds the report is reminded.
    pub remind_days: Vec<u16>,
    /// How long a destruction may take.
    #[serde(default)]
    pub destruction: DestructionTimes,
    /// One entry for each class of data.
    #[serde(rename = "class")]
    classes: Vec<ClassEntry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassEntry {
    name: String,
    review_after_days: Option<u32>,
    kept: Option<Kept>,
}

/// Why a class of data stays as long as the house stands: on whose word, and when that was looked up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Rules and law.
    pub source: String,
    /// The day.
    pub as_of: Date,
}

/// How long a class of data stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays<'a> {
    /// After so many days people decide again.
    Days(u32),
    /// As long as the house stands.
    Kept(&'a Kept),
}

/// How long a destruction may take from the moment at which two people had agreed, and when somebody must look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DestructionTimes {
    within_hours: u16,
    alarm_after_hours: u16,
}

/// A house may give itself less time than a day, or more where its custody is slow; never more than a week.
const MOST_HOURS: u16 = 7 * 24;

impl Default for DestructionTimes {
    /// What holds where a schedule says nothing: done within a day, alarm at half of it.
    fn default() -> Self {
        Self { within_hours: 24, alarm_after_hours: 12 }
    }
}

impl DestructionTimes {
    /// By when it must be done.
    #[must_use]
    pub fn within(self) -> SignedDuration {
        SignedDuration::from_hours(self.within_hours.into())
    }

    /// When it is an alarm that it is not done.
    #[must_use]
    pub fn alarm_after(self) -> SignedDuration {
        SignedDuration::from_hours(self.alarm_after_hours.into())
    }
}

/// The schedules of a rule set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schedules(Vec<Schedule>);

/// The clocks of one report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    /// Until when the provider must preserve what it reported.
    pub preserve_until: Timestamp,
    /// When an agency that holds the report is reminded of that, first to last.
    pub reminders: Vec<Timestamp>,
    /// When people decide again, one entry for each class of data that is not kept. Nothing is destroyed by a clock alone.
    pub reviews: Vec<Review>,
}

/// One decision to be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The class of data.
    pub class: String,
    /// When.
    pub at: Timestamp,
}

impl Schedule {
    /// The clocks of a report that was finished at that instant.
    #[must_use]
    pub fn clocks(&self, finished_at: Timestamp) -> Clocks {
        let preserve_until = preserve_until(finished_at);
        let mut reminders: Vec<Timestamp> =
            self.remind_days.iter().map(|days| shift(preserve_until, -i64::from(*days))).collect();
        reminders.sort_unstable();
        // Words about the house's own acts are of no report: they go by the month in which they were written.
        let of_report = |class: &&ClassEntry| class.name != WORDS;
        let review = |class: &ClassEntry| {
            let at = shift(finished_at, i64::from(class.review_after_days?));
            Some(Review { class: class.name.clone(), at })
        };
        let reviews = self.classes.iter().filter(of_report).filter_map(review).collect();
        Clocks { preserve_until, reminders, reviews }
    }

    /// Months that ended before this moment have words that are due; `None` where words are kept, or a schedule is
    /// from before it said.
    #[must_use]
    pub fn words_due_before(&self, now: Timestamp) -> Option<Timestamp> {
        let words = self.classes.iter().find(|class| class.name == WORDS)?;
        Some(shift(now, -i64::from(words.review_after_days?)))
    }

    /// Each class of data, and how long it stays.
    pub fn classes(&self) -> impl Iterator<Item = (&str, Stays<'_>)> {
        self.classes.iter().filter_map(|class| {
            let days = class.review_after_days.map(Stays::Days);
            Some((class.name.as_str(), days.or_else(|| class.kept.as_ref().map(Stays::Kept))?))
        })
    }

    /// Whether it says how long words stay.
    #[must_use]
    pub fn speaks_of_words(&self) -> bool {
        self.classes.iter().any(|class| class.name == WORDS)
    }

    fn check(&self) -> Result<(), Cause> {
        let DestructionTimes { within_hours, alarm_after_hours } = self.destruction;
        if !(1..=MOST_HOURS).contains(&within_hours) || !(1..=within_hours).contains(&alarm_after_hours) {
            return Err(Cause::NotUnderstood(format!(
                "a destruction has 1 to {MOST_HOURS} hours, and its alarm is not later"
            )));
        }
        for wanted in DATA_CLASSES {
            let entries = self.classes.iter().filter(|class| class.name == *wanted).count();
            // A set from before words could go does not speak of them. It goes on, and they stay.
            if entries != 1 && (entries, *wanted) != (0, WORDS) {
                return Err(Cause::NotUnderstood(format!(
                    "class {wanted:?} must stand there once, not {entries} times"
                )));
            }
        }
        let of = |name: &str| self.classes.iter().find(|class| class.name == name);
        for class in &self.classes {
            let is_said = class.kept.as_ref().map(|kept| !kept.source.trim().is_empty());
            if is_said.xor(class.review_after_days.map(|_| true)) != Some(true) {
                return Err(Cause::NotUnderstood(format!(
                    "class {:?} has either review_after_days, or kept with its source",
                    class.name
                )));
            }
            // What was found out of a report, and what it shares with others, is erased with it and never alone.
            let with = of("report").map(|report| (report.review_after_days, &report.kept));
            if GO_WITH_REPORT.contains(&class.name.as_str())
                && with.is_some_and(|(days, kept)| {
                    days != class.review_after_days || kept.is_some() != class.kept.is_some()
                })
            {
                return Err(Cause::NotUnderstood(format!(
                    "class {:?} goes with its report, and has the same days",
                    class.name
                )));
            }
        }
        match self.classes.iter().find(|class| !DATA_CLASSES.contains(&class.name.as_str())) {
            Some(class) => Err(Cause::NotUnderstood(format!("there is no class {:?}", class.name))),
            None => Ok(()),
        }
    }
}

impl Schedules {
    pub(crate) fn load(files: &[(&str, &str)]) -> Result<Self, RuleFault> {
        let mut schedules: Vec<Schedule> = Vec::new();
        for (name, text) in files {
            let schedule: Schedule = parse(name, text)?;
            schedule.check().map_err(|cause| RuleFault::new(name, cause))?;
            if schedules.iter().any(|other| other.profile == schedule.profile) {
                return Err(RuleFault::new(name, Cause::Twice));
            }
            schedules.push(schedule);
        }
        Ok(Self(schedules))
    }

    pub(crate) fn of(&self, profile: Profile) -> Option<&Schedule> {
        self.0.iter().find(|schedule| schedule.profile == profile)
    }

    /// Whether each of them speaks of every class: what is proposed from now on has to.
    pub(crate) fn whole(&self) -> Result<(), RuleFault> {
        match self.0.iter().find(|schedule| !schedule.speaks_of_words()) {
            Some(of) => Err(RuleFault::new("retention", Cause::NoWords(of.profile))),
            None => Ok(()),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Whole civil days in UTC, which knows no other days than those of 24 hours; however many, at the end of time at most.
fn shift(at: Timestamp, days: i64) -> Timestamp {
    let edge = if days < 0 { Timestamp::MIN } else { Timestamp::MAX };
    at.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(edge)
}
