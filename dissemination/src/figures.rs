//! How much work an agency has, what came and what was closed week by week, and what came of it. Each figure is one bounded
//! range of an index: it is counted up to a most, and beyond that only said to be more.

use database::{Args, bind};
use domain::{Id, Outcome, PersonId, Priority, Status};
use jiff::{SignedDuration, Timestamp};
use policy::permit::Assign;
use policy::{List, Permit};

use crate::{Result, View, agency, column};

const OF_STATUS: &str = "-- figures::of_status
    SELECT COUNT(*) FROM (SELECT 1 FROM standing WHERE agency_id = :agency AND status = :status LIMIT :most) AS counted";

const OF_RANK: &str = "-- figures::of_rank
    SELECT COUNT(*) FROM (
        SELECT 1 FROM standing WHERE agency_id = :agency AND rank = :rank AND status <> 'closed' LIMIT :most
    ) AS counted";

const LATE: &str = "-- figures::late
    SELECT COUNT(*) FROM (SELECT 1 FROM standing WHERE agency_id = :agency AND status <> 'closed'
        AND due_at <= :now LIMIT :most) AS counted";

const ARRIVED: &str = "-- figures::arrived
    SELECT COUNT(*) FROM (
        SELECT 1 FROM standing WHERE agency_id = :agency AND available_at >= :from_at AND available_at < :until_at LIMIT :most
    ) AS counted";

const CLOSED: &str = "-- figures::closed
    SELECT COUNT(*) FROM (
        SELECT 1 FROM standing
        WHERE agency_id = :agency AND status = 'closed' AND since_at >= :from_at AND since_at < :until_at LIMIT :most
    ) AS counted";

const OF_CODE: &str = "-- figures::of_code
    SELECT COUNT(*) FROM (
        SELECT 1 FROM outcome WHERE agency_id = :agency AND code = :code AND superseded_at IS NULL LIMIT :most
    ) AS counted";

const OF_PERSON: &str = "-- figures::of_person
    SELECT COUNT(*) FROM (
        SELECT 1 FROM standing WHERE agency_id = :agency AND person_id = :person AND status <> 'closed' LIMIT :most
    ) AS counted";

/// Nothing is counted further than this.
pub const MOST_COUNTED: u64 = 100_000;
/// Weeks that are shown, the present one among them.
pub const WEEKS: u16 = 12;
/// People whose load is counted.
const MOST_PEOPLE: usize = 200;
const DAY_S: i64 = 86_400;
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// One week, from its Monday in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// When it begins.
    pub from_at: Timestamp,
    /// What was made available to the agency in it.
    pub arrived: u64,
    /// What is closed since a day of it.
    pub closed: u64,
}

/// An agency's work in figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Open reports by status.
    pub statuses: Vec<(Status, u64)>,
    /// Open reports by the priority that counts for the agency, the most urgent first.
    pub priorities: Vec<(Priority, u64)>,
    /// Open reports whose time is over.
    pub late: u64,
    /// The last weeks, the earliest first.
    pub weeks: Vec<Week>,
    /// What came of reports.
    pub outcomes: Vec<(Outcome, u64)>,
}

/// The figures of the permit's agency.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &View<'_>, permit: &Permit<List>) -> Result<Figures> {
    let agency = agency(permit)?;
    let own = || bind! { agency: agency.as_str(), most: MOST_COUNTED };
    let open = Status::ALL.iter().copied().filter(|status| status.is_open());
    let statuses: Vec<Status> = open.collect();
    let mut priorities = Priority::ALL.to_vec();
    priorities.sort_by_key(|priority| std::cmp::Reverse(priority.rank()));
    let weeks = mondays(view.now());
    let mut asked: Vec<(&'static str, Args)> = vec![(LATE, own().with("now", column::micros(view.now())))];
    asked.extend(statuses.iter().map(|status| (OF_STATUS, own().with("status", status.as_str()))));
    asked.extend(priorities.iter().map(|priority| (OF_RANK, own().with("rank", priority.rank()))));
    asked.extend(weeks.iter().map(|week| (ARRIVED, within(own(), *week))));
    asked.extend(weeks.iter().map(|week| (CLOSED, within(own(), *week))));
    asked.extend(Outcome::ALL.iter().map(|outcome| (OF_CODE, own().with("code", outcome.as_str()))));
    let mut counts = counted(view, &asked)?.into_iter();
    // INVARIANT: there is one count for each question, in its order.
    let mut next = || counts.next().unwrap_or(0);
    Ok(Figures {
        late: next(),
        statuses: statuses.into_iter().map(|status| (status, next())).collect(),
        priorities: priorities.into_iter().map(|priority| (priority, next())).collect(),
        weeks: {
            let arrived: Vec<u64> = weeks.iter().map(|_| next()).collect();
            let both = weeks.iter().zip(arrived);
            both.map(|(from_at, arrived)| Week { from_at: *from_at, arrived, closed: next() }).collect()
        },
        outcomes: Outcome::ALL.iter().map(|outcome| (*outcome, next())).collect(),
    })
}

/// How many open reports each of these people has, for whoever gives them out.
///
/// # Errors
/// A fault of the database.
pub fn held(view: &View<'_>, permit: &Permit<Assign>, people: &[PersonId]) -> Result<Vec<u64>> {
    let agency = agency(permit)?;
    let one = |person: &PersonId| {
        (OF_PERSON, bind! { agency: agency.as_str(), person: person.as_str(), most: MOST_COUNTED })
    };
    let asked: Vec<(&'static str, Args)> = people.iter().take(MOST_PEOPLE).map(one).collect();
    counted(view, &asked)
}

fn counted(view: &View<'_>, asked: &[(&'static str, Args)]) -> Result<Vec<u64>> {
    let mut counts = vec![0; asked.len()];
    view.tx().each(asked, &mut |place, row| {
        counts[place] = row.at(0)?;
        Ok(())
    })?;
    Ok(counts)
}

fn within(own: Args, from_at: Timestamp) -> Args {
    let until_at = from_at.saturating_add(WEEK).unwrap_or(Timestamp::MAX);
    own.with("from_at", column::micros(from_at)).with("until_at", column::micros(until_at))
}

/// The beginnings of the last weeks, Mondays in UTC, the earliest first.
fn mondays(now: Timestamp) -> Vec<Timestamp> {
    let day = now.as_second().div_euclid(DAY_S);
    // The first day of the clock was a Thursday.
    let monday = day - (day + 3).rem_euclid(7);
    let of =
        |ago: u16| Timestamp::from_second((monday - 7 * i64::from(ago)) * DAY_S).unwrap_or(Timestamp::MIN);
    (0..WEEKS).rev().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_its_monday_and_there_are_twelve() {
        for (now, monday) in [
            ("2026-11-27T04:00:00Z", "2026-11-23T00:00:00Z"),
            ("2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z"),
            ("2026-11-22T23:59:59Z", "2026-11-16T00:00:00Z"),
        ] {
            let weeks = mondays(now.parse().unwrap());
            assert_eq!(
                (weeks.len(), weeks.last()),
                (12, Some(&monday.parse::<Timestamp>().unwrap())),
                "{now}"
            );
            assert!(weeks.is_sorted());
        }
    }
}
