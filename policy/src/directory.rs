//! Who may be a recipient: task forces with their areas, federal agencies with the matters that go to them, points
//! abroad. Dated data from `datasets/`, the same for every decision of one rule set.

mod files;

use domain::{AgencyClass, AgencyId, BasisCode, Relationship};
use jiff::Timestamp;

use crate::rules::{Cause, Effective, RuleFault};

/// An agency as routing knows it. Whether it may really receive is decided by its record in the house (R-21).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Its id, the same as that of its record.
    pub id: AgencyId,
    /// Its name for people.
    pub name: String,
    /// Its class, from which its basis follows.
    pub class: AgencyClass,
    /// What qualifies it, when it is foreign.
    pub relationship: Option<Relationship>,
    /// The state that it belongs to, when it is a task force.
    pub state: Option<String>,
    /// When this entry counts.
    pub effective: Effective,
}

impl Recipient {
    /// The one basis on which it may have a report; `None` when the law names none.
    #[must_use]
    pub const fn basis(&self) -> Option<BasisCode> {
        basis_of(self.class, self.relationship)
    }

    /// True when a report that it can read counts as made available (R-20). A tribal agency alone does not, unless
    /// counsel says so (R-21a).
    #[must_use]
    pub const fn counts(&self, tribal_counts: bool) -> bool {
        self.basis().is_some() && (tribal_counts || !matches!(self.class, AgencyClass::Tribal))
    }
}

/// The basis code of a class of agency (legal-rules section 3); `None` for a foreign agency that nothing qualifies.
#[must_use]
pub const fn basis_of(class: AgencyClass, relationship: Option<Relationship>) -> Option<BasisCode> {
    Some(match (class, relationship) {
        (AgencyClass::Federal, _) => BasisCode::C1Fed,
        (AgencyClass::State, _) => BasisCode::C2State,
        (AgencyClass::Local, _) => BasisCode::C2Local,
        (AgencyClass::Tribal, _) => BasisCode::G3bTribal,
        (AgencyClass::Foreign, Some(Relationship::Designated)) => BasisCode::C3ForDesig,
        (AgencyClass::Foreign, Some(Relationship::Fbi)) => BasisCode::C3ForFbi,
        (AgencyClass::Foreign, Some(Relationship::Ice)) => BasisCode::C3ForIce,
        (AgencyClass::Foreign, Some(Relationship::Interpol)) => BasisCode::C3ForInterpol,
        (AgencyClass::Foreign, None) => return None,
    })
}

/// All recipients that routing may name.
#[derive(Debug, Clone)]
pub struct Directory {
    task_forces: Vec<Area>,
    tribal: Vec<Area>,
    state_defaults: Vec<(String, AgencyId)>,
    federal: Vec<Federal>,
    defaults: Vec<(String, Vec<AgencyId>)>,
    points: Vec<Point>,
    natures: Vec<String>,
}

#[derive(Debug, Clone)]
struct Area {
    recipient: Recipient,
    states: Vec<String>,
    counties: Vec<String>,
}

#[derive(Debug, Clone)]
struct Federal {
    recipient: Recipient,
    natures: Vec<String>,
}

#[derive(Debug, Clone)]
struct Point {
    recipient: Recipient,
    rung: u8,
    countries: Vec<String>,
    every_country: bool,
    through: Option<AgencyId>,
}

/// The task force of a place, and how it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskForce<'a> {
    /// It covers the county, or the whole state.
    Covers(&'a Recipient),
    /// The state has several and the county does not settle which: the named default (R-26).
    Default(&'a Recipient),
}

/// The point that takes reports for a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignPoint<'a> {
    /// Who receives: the point itself, or the federal agency that hands the report over.
    pub recipient: &'a Recipient,
    /// The point's own name.
    pub point: &'a str,
    /// 1 direct access, 2 attaché or regional, 3 INTERPOL.
    pub rung: u8,
}

/// The default that every report falls back to; a directory without it is refused.
pub const NO_PLACE: &str = "no-place";

impl Directory {
    /// Reads the lists of `datasets/`; `tribal-agencies.toml` may be absent.
    ///
    /// # Errors
    /// When a list is missing or not understood, names a recipient twice on one day, or lacks the last default.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, RuleFault> {
        let directory = files::read(files)?;
        let refuse = |text: String| Err(RuleFault::new("datasets", Cause::Directory(text)));
        let mut seen: Vec<&Recipient> = Vec::new();
        for one in directory.recipients() {
            if !one.effective.is_ordered() {
                return refuse(format!("{} ends before it begins", one.id));
            }
            if seen.iter().any(|other| other.id == one.id && other.effective.overlaps(&one.effective)) {
                return refuse(format!("{} stands twice on one day", one.id));
            }
            seen.push(one);
        }
        for named in directory.named() {
            if !directory.recipients().any(|recipient| &recipient.id == named) {
                return refuse(format!("{named} is named but not listed"));
            }
        }
        match directory.last_resort_ids().first() {
            Some(_) => Ok(directory),
            None => refuse(format!("no default recipient for {NO_PLACE}")),
        }
    }

    /// Every recipient, rows of other days included: what a demonstration registers as agencies.
    pub fn recipients(&self) -> impl Iterator<Item = &Recipient> {
        let areas = self.task_forces.iter().chain(&self.tribal).map(|area| &area.recipient);
        let federal = self.federal.iter().map(|federal| &federal.recipient);
        let direct = self.points.iter().filter(|point| point.through.is_none()).map(|point| &point.recipient);
        areas.chain(federal).chain(direct)
    }

    /// The recipient with this id on that day.
    #[must_use]
    pub fn find(&self, id: &AgencyId, at: Timestamp) -> Option<&Recipient> {
        self.recipients().find(|recipient| &recipient.id == id && recipient.effective.holds(at))
    }

    /// The recipient whose name or id a provider wrote, letter case and outer spaces aside.
    #[must_use]
    pub fn find_named(&self, written: &str, at: Timestamp) -> Option<&Recipient> {
        let written = written.trim();
        let same = |recipient: &&Recipient| {
            let named = [recipient.name.as_str(), domain::Id::as_str(&recipient.id)];
            named.iter().any(|name| name.eq_ignore_ascii_case(written))
        };
        self.recipients().filter(|recipient| recipient.effective.holds(at)).find(same)
    }

    /// The task force of a county, else of a whole state, else the state's named default: county beats state.
    #[must_use]
    pub fn task_force(&self, state: &str, county: Option<&str>, at: Timestamp) -> Option<TaskForce<'_>> {
        let in_force = || self.task_forces.iter().filter(|area| area.recipient.effective.holds(at));
        let of_county =
            county.and_then(|county| in_force().find(|area| area.counties.iter().any(|c| c == county)));
        let of_state = || in_force().find(|area| area.states.iter().any(|s| s == state));
        if let Some(area) = of_county.or_else(of_state) {
            return Some(TaskForce::Covers(&area.recipient));
        }
        let (_, id) = self.state_defaults.iter().find(|(of, _)| of == state)?;
        self.find(id, at).map(TaskForce::Default)
    }

    /// The tribal agency of a county, when one is listed.
    #[must_use]
    pub fn tribal(&self, county: &str, at: Timestamp) -> Option<&Recipient> {
        let covers =
            |area: &&Area| area.counties.iter().any(|c| c == county) && area.recipient.effective.holds(at);
        self.tribal.iter().find(covers).map(|area| &area.recipient)
    }

    /// The federal agency to which matters of that nature typically go; the first listed wins.
    #[must_use]
    pub fn of_nature(&self, nature: &str, at: Timestamp) -> Option<&Recipient> {
        let takes =
            |one: &&Federal| one.natures.iter().any(|n| n == nature) && one.recipient.effective.holds(at);
        self.federal.iter().find(takes).map(|federal| &federal.recipient)
    }

    /// The first agency in force for a default such as `us-no-state`.
    #[must_use]
    pub fn default_for(&self, when: &str, at: Timestamp) -> Option<&Recipient> {
        let (_, ids) = self.defaults.iter().find(|(of, _)| of == when)?;
        ids.iter().find_map(|id| self.find(id, at))
    }

    /// The point for a country: the lowest rung that covers it.
    #[must_use]
    pub fn foreign_point(&self, country: &str, at: Timestamp) -> Option<ForeignPoint<'_>> {
        let covers = |point: &&Point| {
            let country = point.every_country || point.countries.iter().any(|c| c == country);
            country && point.recipient.effective.holds(at)
        };
        // `min_by_key` keeps the first of equals: within a rung the first row wins.
        let point = self.points.iter().filter(covers).min_by_key(|point| point.rung)?;
        let recipient = match &point.through {
            Some(id) => self.find(id, at)?,
            None => &point.recipient,
        };
        Some(ForeignPoint { recipient, point: &point.recipient.name, rung: point.rung })
    }

    /// The agencies that take what nothing else takes, first to last. Never empty.
    // INVARIANT: `load` refuses a directory without this default, and every id in it is listed.
    pub fn last_resort(&self) -> impl Iterator<Item = &Recipient> {
        self.last_resort_ids().iter().filter_map(|id| self.recipients().find(|recipient| &recipient.id == id))
    }

    /// Whether the word is on the closed list of natures.
    #[must_use]
    pub fn knows_nature(&self, nature: &str) -> bool {
        self.natures.iter().any(|known| known == nature)
    }

    /// Whether a default stands for that word.
    #[must_use]
    pub fn knows_default(&self, when: &str) -> bool {
        self.defaults.iter().any(|(of, _)| of == when)
    }

    fn last_resort_ids(&self) -> &[AgencyId] {
        self.defaults.iter().find(|(of, _)| of == NO_PLACE).map_or(&[], |(_, ids)| ids)
    }

    fn named(&self) -> impl Iterator<Item = &AgencyId> {
        let through = self.points.iter().filter_map(|point| point.through.as_ref());
        let defaults = self.defaults.iter().flat_map(|(_, ids)| ids);
        self.state_defaults.iter().map(|(_, id)| id).chain(defaults).chain(through)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleSet;
    use domain::Id;

    fn at() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn directory() -> &'static Directory {
        RuleSet::embedded().routing().directory()
    }

    fn task_force(state: &str, county: Option<&str>) -> String {
        match directory().task_force(state, county, at()) {
            Some(TaskForce::Covers(one)) => one.id.to_string(),
            Some(TaskForce::Default(one)) => format!("default:{}", one.id),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn a_county_beats_its_state_and_an_unknown_county_goes_to_the_named_default() {
        assert_eq!(task_force("MN", None), "icac-us-mn");
        assert_eq!(task_force("IL", Some("17031")), "icac-us-il-cook-county");
        assert_eq!(task_force("IL", Some("17043")), "icac-us-il-state");
        assert_eq!(task_force("CA", None), "default:icac-us-ca-los-angeles");
        assert_eq!(task_force("DC", None), "icac-us-va-northern-and-dc");
        assert_eq!(task_force("PR", None), "none");
    }

    // PROVES: R-26
    #[test]
    fn the_lowest_rung_that_covers_a_country_takes_its_reports() {
        let point = |country: &str| {
            let point = directory().foreign_point(country, at()).unwrap();
            (point.rung, point.recipient.id.to_string())
        };
        assert_eq!(point("GB"), (1, "gb-nca".to_owned()));
        assert_eq!(point("PH"), (2, "us-hsi".to_owned()));
        assert_eq!(point("NO"), (3, "interpol".to_owned()));
    }

    // PROVES: R-24
    #[test]
    fn every_recipient_has_a_basis() {
        for recipient in directory().recipients() {
            assert!(recipient.basis().is_some(), "{}", recipient.id);
        }
    }

    #[test]
    fn the_lead_of_a_task_force_changes_with_the_day() {
        let two_rows = r#"
            [[task_force]]
            id = "icac-us-xx"
            name = "Old"
            state = "MN"
            valid_from = "2020-01-01"
            valid_to = "2026-01-01"
            covers_states = ["MN"]
            covers_counties = []
            [[task_force]]
            id = "icac-us-xx"
            name = "New"
            state = "MN"
            valid_from = "2026-01-01"
            covers_states = ["MN"]
            covers_counties = []
        "#;
        let mut files: Vec<(&str, &str)> = RuleSet::embedded_files()
            .iter()
            .copied()
            .filter(|(name, _)| name.starts_with("datasets/"))
            .collect();
        for file in files.iter_mut().filter(|(name, _)| name.ends_with("task-forces.toml")) {
            file.1 = two_rows;
        }
        let directory = Directory::load(&files).unwrap();
        let name = |at: &str| match directory.task_force("MN", None, at.parse().unwrap()) {
            Some(TaskForce::Covers(one)) => one.name.clone(),
            other => format!("{other:?}"),
        };
        assert_eq!(name("2025-12-31T23:59:59Z"), "Old");
        assert_eq!(name("2026-01-01T00:00:00Z"), "New");
    }

    // PROVES: R-25
    #[test]
    fn a_directory_that_names_somebody_it_does_not_list_is_refused() {
        let files: Vec<(&str, String)> = RuleSet::embedded_files()
            .iter()
            .filter(|(name, _)| name.starts_with("datasets/"))
            .map(|(name, text)| (*name, text.replace("id = \"us-fbi\"", "id = \"us-renamed\"")))
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert!(matches!(Directory::load(&files).unwrap_err().cause, Cause::Directory(_)));
    }

    #[test]
    fn a_provider_may_write_an_agency_by_name_in_any_case() {
        assert_eq!(
            directory().find_named(" federal bureau of investigation ", at()).map(|one| one.id.as_str()),
            Some("us-fbi")
        );
        assert_eq!(directory().find_named("sheriff", at()), None);
    }
}
