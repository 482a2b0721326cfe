//! Which clocks run for a report: until when its provider must preserve it, when an agency is reminded, when people
//! decide again whether a class of data is still needed. The schedule is configuration that a house must bring.

use domain::{Profile, preserve_until};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::rules::{Cause, RuleFault, parse};

/// The classes of data that a schedule must speak of, each once.
pub const DATA_CLASSES: &[&str] =
    &["report", "evidence", "finding", "selector", "decision", "delivery", "audit"];

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
    review_after_days: u32,
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
    /// When people decide again, one entry for each class of data. Nothing is destroyed by a clock alone.
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
        let review = |class: &ClassEntry| Review {
            class: class.name.clone(),
            at: shift(finished_at, i64::from(class.review_after_days)),
        };
        Clocks { preserve_until, reminders, reviews: self.classes.iter().map(review).collect() }
    }

    /// Each class of data with the days after which people decide again.
    pub fn days(&self) -> impl Iterator<Item = (&str, u32)> {
        self.classes.iter().map(|class| (class.name.as_str(), class.review_after_days))
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
            if entries != 1 {
                return Err(Cause::NotUnderstood(format!(
                    "class {wanted:?} must stand there once, not {entries} times"
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

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Whole civil days in UTC, which knows no other days than those of 24 hours.
fn shift(at: Timestamp, days: i64) -> Timestamp {
    let zoned = at.to_zoned_datetime(TimeZone::UTC);
    zoned.checked_add(days.days()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleSet;

    fn clocks(finished_at: &str) -> Clocks {
        let schedule = RuleSet::embedded().schedule(Profile::SyntheticDemo).unwrap();
        schedule.clocks(finished_at.parse().unwrap())
    }

    // PROVES: R-46
    #[test]
    fn reminders_ring_90_30_and_7_days_before_the_preservation_ends() {
        let clocks = clocks("2026-11-24T12:00:00Z");
        assert_eq!(clocks.preserve_until, "2027-11-24T12:00:00Z".parse().unwrap());
        let days: Vec<String> = clocks.reminders.iter().map(ToString::to_string).collect();
        assert_eq!(days, ["2027-08-26T12:00:00Z", "2027-10-25T12:00:00Z", "2027-11-17T12:00:00Z"]);
    }

    #[test]
    fn every_class_of_data_has_a_review() {
        let clocks = clocks("2026-11-24T12:00:00Z");
        let mut classes: Vec<&str> = clocks.reviews.iter().map(|review| review.class.as_str()).collect();
        let mut wanted = DATA_CLASSES.to_vec();
        classes.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(classes, wanted);
    }

    // PROVES: R-52
    #[test]
    fn a_destruction_has_the_hours_of_the_schedule_and_a_day_where_it_says_nothing() {
        let classes: String = DATA_CLASSES
            .iter()
            .map(|name| format!("[[class]]\nname = \"{name}\"\nreview_after_days = 1\n"))
            .collect();
        let times = |said: &str| {
            let text =
                format!("profile = \"hotline\"\nsource = \"test\"\nremind_days = []\n{said}\n{classes}");
            let loaded = Schedules::load(&[("retention/x.toml", &text)])?;
            Ok::<_, RuleFault>(loaded.of(Profile::Hotline).unwrap().destruction)
        };
        let hours = |times: DestructionTimes| (times.within().as_hours(), times.alarm_after().as_hours());
        assert_eq!(hours(times("").unwrap()), (24, 12));
        let said = "[destruction]\nwithin_hours = 8\nalarm_after_hours = 2";
        assert_eq!(hours(times(said).unwrap()), (8, 2));
        for wrong in [(0, 1), (8, 9), (8, 0), (169, 1)] {
            let said = format!("[destruction]\nwithin_hours = {}\nalarm_after_hours = {}", wrong.0, wrong.1);
            assert!(times(&said).is_err(), "{wrong:?}");
        }
    }

    // PROVES: R-55
    #[test]
    fn a_schedule_that_forgets_a_class_is_refused() {
        let text = "profile = \"hotline\"\nsource = \"test\"\nremind_days = []\n[[class]]\nname = \"report\"\nreview_after_days = 1\n";
        assert!(matches!(
            Schedules::load(&[("retention/x.toml", text)]).unwrap_err().cause,
            Cause::NotUnderstood(_)
        ));
    }
}
