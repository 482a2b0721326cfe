//! What happened with a report, in order: in it, at the sender and the clearinghouse, at the agency. And what of it is new
//! to whoever reads.

use domain::{Dossier, GivenTime, Involved, Role, people};
use jiff::Timestamp;
use maud::{Markup, html};
use pipeline::keeping;
use ui::{Chronology, Happening, chronology};

use crate::{Own, show};

const LANES: [&str; 3] = ["In the report", "Sender and house", "Your agency"];
const REPORT: usize = 0;
const HOUSE: usize = 1;
const AGENCY: usize = 2;
/// Happenings of the report itself that are drawn; its sheets have all.
const MOST_IN_REPORT: usize = 200;

/// Everything that a story is told from.
pub struct Told<'a> {
    /// The report.
    pub dossier: &'a Dossier,
    /// What the agency itself did with it.
    pub own: Option<&'a Own>,
    /// How long it is preserved, and who holds it.
    pub keeping: &'a keeping::Standing,
    /// Up to which moment the reader knows it; `None` the first time.
    pub known_at: Option<Timestamp>,
    /// The reader, as the ledger writes them.
    pub reader: &'a str,
}

/// A story, and what could not stand in it.
pub struct Story {
    happenings: Vec<Happening>,
    without_zone: usize,
    left_out: usize,
    known_at: Option<Timestamp>,
}

impl Story {
    /// What happened, as far as it has a moment that stands on a clock.
    pub fn of(told: &Told<'_>) -> Self {
        let mut within = in_report(told.dossier);
        let without_zone = within.iter().filter(|(at, _)| at.instant.is_none()).count();
        within.retain(|(at, _)| at.instant.is_some());
        let left_out = within.len().saturating_sub(MOST_IN_REPORT);
        let mut all = Teller { known_at: told.known_at, happenings: Vec::new() };
        for (at, what) in within.into_iter().take(MOST_IN_REPORT) {
            if let Some(instant) = at.instant {
                all.old(instant, REPORT, what);
            }
        }
        at_house(told.dossier, &mut all);
        at_agency(told, &mut all);
        let mut happenings = all.happenings;
        happenings.sort_by_key(|one| one.at);
        Self { happenings, without_zone, left_out, known_at: told.known_at }
    }

    /// What is new to the reader, for the top of the page.
    pub(crate) fn news(&self) -> Markup {
        let Some(known_at) = self.known_at else {
            return html! { "You open this report for the first time." };
        };
        let new: Vec<&Happening> = self.happenings.iter().filter(|one| one.is_new).collect();
        html! {
            @if new.is_empty() { "Nothing since you opened it on " (show::moment(known_at)) "." }
            @else {
                "Since you opened it on " (show::moment(known_at)) ":"
                ul { @for one in new { li { (show::moment(one.at)) ": " (ui::text(&one.what)) } } }
            }
        }
    }

    pub(crate) fn section(&self) -> Markup {
        let Self { happenings, without_zone, left_out, .. } = self;
        let caption = "What happened, in order of time (UTC)";
        html! {
            section aria-labelledby="timeline" {
                h2 #timeline { "Timeline" }
                (chronology(&Chronology { id: "story", caption, lanes: &LANES, happenings }))
                @if *without_zone > 0 {
                    p { (without_zone) " times came without a time zone. They have no place here, and stand where the sender gave them." }
                }
                @if *left_out > 0 { p { (left_out) " more moments of the report are in the sheets of the package." } }
            }
        }
    }
}

struct Teller {
    known_at: Option<Timestamp>,
    happenings: Vec<Happening>,
}

impl Teller {
    /// Something that came with the report: it is as old as the report.
    fn old(&mut self, at: Timestamp, lane: usize, what: String) {
        self.happenings.push(Happening { at, at_shown: show::time(at), lane, what, by: None, is_new: false });
    }

    /// Something that came later, by somebody or by nobody who is named.
    fn later(&mut self, at: Timestamp, lane: usize, what: String, by: Option<&str>) {
        let is_new = by != Some(YOU) && self.known_at.is_some_and(|known| at > known);
        let by = by.map(str::to_owned);
        self.happenings.push(Happening { at, at_shown: show::time(at), lane, what, by, is_new });
    }
}

const YOU: &str = "you";

fn in_report(dossier: &Dossier) -> Vec<(GivenTime, String)> {
    let submission = &dossier.submission;
    let mut all = vec![(
        submission.incident.occurred.clone(),
        "Incident, as the sender understands its time".to_owned(),
    )];
    for (number, account) in people::accounts(submission).into_iter().enumerate() {
        all.extend(of_account(number + 1, account));
    }
    for file in &dossier.files {
        let Some(statement) = &file.statement else { continue };
        let uploaded = statement
            .uploaded_at
            .iter()
            .map(|at| (at.clone(), format!("File {} uploaded to the sender", file.position)));
        all.extend(uploaded);
        let seen = statement.ip_event.iter().filter_map(|event| {
            let what = format!(
                "File {}: {} from {}",
                file.position,
                event.event.as_deref().unwrap_or("seen"),
                event.address.reveal()
            );
            Some((event.at.clone()?, what))
        });
        all.extend(seen);
    }
    all.sort_by_key(|(at, _)| at.instant);
    all
}

fn of_account(number: usize, account: &Involved) -> Vec<(GivenTime, String)> {
    let who = named(number, account);
    let mut all: Vec<(GivenTime, String)> = Vec::new();
    all.extend(account.ip_events.iter().filter_map(|event| {
        let what =
            format!("{} from {}, {who}", event.event.as_deref().unwrap_or("Seen"), event.address.reveal());
        Some((event.at.clone()?, what))
    }));
    all.extend(account.devices.iter().filter_map(|device| {
        let what =
            format!("{} on a device ({}), {who}", device.event.as_deref().unwrap_or("Seen"), device.kind);
        Some((device.at.clone()?, what))
    }));
    let ended = [(&account.temporarily_disabled, "for a time"), (&account.permanently_disabled, "for good")];
    for (state, how) in ended {
        let Some(at) = state.as_ref().and_then(|state| state.disabled_at.clone()) else { continue };
        all.push((at, format!("Account disabled {how}, {who}")));
    }
    all
}

/// Somebody of the report, as a story names them: always with the part they have.
fn named(number: usize, account: &Involved) -> String {
    let part = match account.role {
        Role::Victim => "child",
        Role::Recipient => "recipient (may be a child)",
        Role::Reported => "reported person",
        Role::Reporter | Role::Contact | Role::Officer => "helper",
    };
    let handle = account.screen_name.as_ref().or(account.account_id.as_ref());
    handle
        .map_or_else(|| format!("{part} {number}"), |handle| format!("{part} {number}, {}", handle.reveal()))
}

fn at_house(dossier: &Dossier, all: &mut Teller) {
    all.old(dossier.received_at, HOUSE, format!("Received from {}", dossier.provider_name));
    for delivery in &dossier.deliveries {
        let what = format!("Made available to {} ({})", delivery.agency_name, delivery.basis);
        all.later(delivery.available_at, HOUSE, what, None);
    }
    for file in &dossier.files {
        if let Some(gone) = &file.destroyed {
            all.later(gone.at, HOUSE, format!("File {} destroyed", file.position), None);
        }
    }
}

/// Who of an agency did something, as its reader is told: an actor in the words of the ledger.
fn by(reader: &str, who: &str) -> &'static str {
    match who {
        _ if who == reader => YOU,
        _ if who.starts_with("person:") => "a colleague",
        _ => "a rule or a system of yours",
    }
}

fn at_agency(told: &Told<'_>, all: &mut Teller) {
    let by = |who: &str| by(told.reader, who);
    if let Some(own) = told.own {
        for version in &own.history {
            let reason =
                version.said.reason.map(|reason| format!(": {}", reason.title())).unwrap_or_default();
            let what = format!("{}{reason}", version.said.status.title());
            all.later(version.changed_at, AGENCY, what, Some(by(&version.changed_by)));
        }
        for outcome in &own.outcomes {
            let who = outcome.recorded_by.as_deref().map(by);
            all.later(outcome.recorded_at, AGENCY, format!("Outcome: {}", outcome.outcome.title()), who);
        }
        for related in &own.related {
            all.later(related.opened_at, AGENCY, "Another agency holds related material".to_owned(), None);
        }
    }
    for hold in &told.keeping.own {
        all.later(hold.placed_at, AGENCY, "Hold placed".to_owned(), Some(by(&hold.placed_by)));
    }
    for letter in &told.keeping.letters {
        let what = format!("Preservation letter {}", letter.reference.reveal());
        all.later(letter.sent_at, AGENCY, what, Some(by(&letter.sent_by)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::addresses::tests::dossier;
    use super::*;

    fn nothing() -> keeping::Standing {
        keeping::Standing {
            own: vec![],
            others: vec![],
            destructions: vec![],
            relayed: vec![],
            letters: vec![],
        }
    }

    #[test]
    fn what_a_rule_did_is_told_of_no_colleague() {
        let own = "person:p-1:a-1";
        assert_eq!(by(own, own), YOU);
        assert_eq!(by(own, "person:p-2:a-1"), "a colleague");
        assert_eq!(by(own, "house"), "a rule or a system of yours");
        assert_eq!(by(own, "agency:a-1:c-1"), "a rule or a system of yours");
    }

    fn story(known_at: Option<&str>) -> Story {
        let known_at = known_at.map(|at| at.parse().unwrap());
        Story::of(&Told {
            dossier: &dossier(),
            own: None,
            keeping: &nothing(),
            known_at,
            reader: "person:p-1:a-1",
        })
    }

    #[test]
    fn a_story_begins_before_the_report_and_is_told_in_order() {
        let story = story(None);
        assert!(story.happenings.is_sorted_by_key(|one| one.at));
        let page = story.section().into_string();
        for words in [
            "Incident, as the sender understands its time",
            "Received from Harbor Chat",
            "Made available to ",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(story.news().into_string().contains("for the first time"));
    }

    #[test]
    fn only_what_came_after_the_last_visit_is_new() {
        assert!(story(Some("2000-01-01T00:00:00Z")).news().into_string().contains("Made available to "));
        assert!(
            story(Some("2090-01-01T00:00:00Z")).news().into_string().contains("Nothing since you opened it")
        );
    }

    #[test]
    fn a_time_without_a_zone_is_counted_and_never_drawn() {
        let text = include_str!("../../formats/fixtures/dossier/times-without-zone.json");
        let dossier: Dossier = serde_json::from_str(text).unwrap();
        let told = Told { dossier: &dossier, own: None, keeping: &nothing(), known_at: None, reader: "" };
        let page = Story::of(&told).section().into_string();
        assert!(page.contains("times came without a time zone"), "{page}");
    }
}
