//! What happened, to whom, and where it is said to have happened.

mod details;
mod kind;

use domain::{Incident, IncidentType, Involved, LawEnforcement, Person, Reporter, Role, Submission};
use jiff::Timestamp;

use super::Plan;
use super::files::{self, FileDraft};
use super::person::{self, Persona, before, email, given, said};
use crate::chance::Chance;
use crate::fault::Fault;
use crate::names::{GIVEN_NAMES, PROVIDERS, Provider};
use crate::places::Spot;
use crate::shares::{self, Shares};

pub(super) use kind::Kind;

/// A report while it is made.
#[derive(Debug)]
pub(super) struct Draft {
    pub plan: Plan,
    pub index: u64,
    pub sender: usize,
    pub persona: Persona,
    pub fault: Option<Fault>,
    pub place: Spot,
    pub happened: Timestamp,
    pub informational: bool,
    pub submission: Submission,
    pub files: Vec<FileDraft>,
}

impl Draft {
    /// Report number `index` as it would be without a mishap; only whom it is about may follow from the fault.
    pub(super) fn of(plan: &Plan, index: u64) -> Self {
        let fault = if plan.faults { Fault::of(index) } else { None };
        let persona = Persona::of(plan, about(plan, index, fault));
        let kind = Kind::of(plan, index, &persona);
        let mut chance = Chance::of(plan.seed, "report", index);
        let span_seconds = u64::try_from(Plan::SPAN_DAYS).unwrap_or_default() * 86_400;
        let happened = before(plan.latest, 3_600 + chance.below(span_seconds - 7_200));
        let mut draft = Self {
            plan: *plan,
            index,
            sender: kind.sender,
            fault,
            place: persona.home,
            happened,
            informational: kind.is_informational(),
            submission: submission(&kind, index, happened),
            files: Vec::new(),
            persona,
        };
        draft.tell(&kind, &mut chance);
        draft.files = files::draw(&draft, &kind);
        draft
    }

    pub(super) fn provider(&self) -> &'static Provider {
        &PROVIDERS[self.sender % PROVIDERS.len()]
    }

    /// The person that the report is about; a report about nobody gets one.
    pub(super) fn reported(&mut self) -> &mut Involved {
        let people = &mut self.submission.people;
        if people.first().is_none_or(|one| one.role != Role::Reported) {
            people.insert(0, Involved::nobody(Role::Reported));
        }
        &mut people[0]
    }

    /// A position in a list that follows from the person.
    pub(super) fn persona_position(&self, length: usize) -> usize {
        usize::try_from(self.persona.number % length.max(1) as u64).unwrap_or_default()
    }

    /// Adds to the free text about the whole report.
    pub(super) fn remark(&mut self, text: &str) {
        match self.submission.additional.first_mut() {
            Some(first) => *first = format!("{} {text}", first.reveal()).into(),
            None => self.submission.additional.push(text.to_owned().into()),
        }
    }

    fn tell(&mut self, kind: &Kind, chance: &mut Chance) {
        if kind.law_enforcement {
            self.submission.law_enforcement = Some(law_enforcement(chance, self.index));
        }
        self.submission.details = details::draw(self, kind, chance);
        if kind.is_empty() {
            return;
        }
        self.submission.people.push(self.suspect(chance));
        for n in 1..kind.users {
            let other = Persona::of(&self.plan, person::batch_number(self.index, n));
            self.submission.people.push(other.account(Role::Reported, self.provider()));
        }
        if kind.approaches_a_child {
            self.children(kind, chance);
        } else if kind.victim_known {
            self.submission.people.push(child(Role::Victim, chance));
        }
    }

    fn suspect(&self, chance: &mut Chance) -> Involved {
        let provider = self.provider();
        let mut one = self.persona.account(Role::Reported, provider);
        if self.place == Spot::Nowhere {
            // Too thin to locate: a name on a service and nothing else.
            let mut thin = Involved::nobody(Role::Reported);
            (thin.screen_name, thin.service) = (one.screen_name, one.service);
            return thin;
        }
        one.ip_events = vec![self.persona.login(before(self.happened, 120 + chance.below(5_000)))];
        if chance.percent(70) {
            one.ip_events.push(self.persona.upload(before(self.happened, chance.below(100))));
        }
        if chance.percent(25) {
            let earlier = before(self.happened, 86_400 + chance.below(2_000_000));
            one.ip_events.push(person::ip_event(self.persona.address(1), "Login", earlier));
        }
        if chance.percent(10) {
            one.estimated_location = details::estimate(self.place, self.happened);
        }
        one.compromised = chance.percent(2).then_some(true);
        one
    }

    /// The child and, sometimes, where it is.
    fn children(&mut self, kind: &Kind, chance: &mut Chance) {
        let role = if kind.victim_known { Role::Victim } else { Role::Recipient };
        if !kind.victim_known && chance.percent(30) {
            return;
        }
        let mut one = child(role, chance);
        if chance.percent(15) {
            let home = Persona::of(&self.plan, person::batch_number(self.index, 15));
            if home.home != Spot::Nowhere {
                one.ip_events = vec![home.login(before(self.happened, chance.below(9_000)))];
            }
        }
        self.submission.people.push(one);
    }
}

/// Which person a report is about: its own, unless the fault needs another.
fn about(plan: &Plan, index: u64, fault: Option<Fault>) -> u64 {
    match fault {
        Some(Fault::SameUserManyReports) => 0,
        Some(Fault::SecondRetractsFirst) => person::number_of(plan, index.saturating_sub(1)),
        _ => person::number_of(plan, index),
    }
}

fn submission(kind: &Kind, index: u64, happened: Timestamp) -> Submission {
    let provider = &PROVIDERS[kind.sender % PROVIDERS.len()];
    Submission {
        batched: (kind.users > 1).then(|| "VIRAL_POTENTIAL_MEME".to_owned()),
        incident: Incident {
            incident_type: kind.incident_type.key.clone(),
            platform: Some(format!("{} (fictional)", provider.name)),
            escalation: if kind.urgent { said(kind.escalation) } else { None },
            annotations: kind.annotations.iter().map(|mark| (*mark).to_owned()).collect(),
            occurred: given(happened),
            occurred_means: Some("Time of the first reported event (made-up data)".to_owned()),
        },
        details: Vec::new(),
        law_enforcement: None,
        reporter: reporter(provider),
        people: Vec::new(),
        additional: vec![format!("Synthetic report, our reference SYN-{index:08}.").into()],
        unmodelled: Vec::new(),
    }
}

fn reporter(provider: &Provider) -> Reporter {
    let host = provider.host;
    let person = Person {
        first_name: said("Robin"),
        last_name: said("Placeholder"),
        emails: vec![email(format!("trust-desk@{host}"), "Business")],
        ..Person::default()
    };
    let contact = Person {
        first_name: said("Lee"),
        last_name: said("Liaison"),
        emails: vec![email(format!("agencies@{host}"), "Work")],
        ..Person::default()
    };
    Reporter {
        person,
        contact: Some(contact),
        company_template: Some(format!(
            "{} (fictional). For legal process see our legal page.",
            provider.name
        )),
        terms_of_service: None,
        legal_url: Some(format!("https://{host}/legal")),
    }
}

fn law_enforcement(chance: &mut Chance, index: u64) -> LawEnforcement {
    let foreign = chance.percent(20);
    LawEnforcement {
        agency: "Springvale Police (fictional)".to_owned(),
        case_number: Some(format!("SYN-{index:06}")),
        officer: None,
        reported: Some(true),
        domestic_process: Some(!foreign),
        foreign_process: foreign.then_some(true),
        foreign_country: foreign.then(|| chance.pick(&["GB", "NZ", "CA"]).to_owned()),
    }
}

/// A child of whom an age and sometimes a given name is known.
fn child(role: Role, chance: &mut Chance) -> Involved {
    let mut one = Involved::nobody(role);
    one.person.age = i64::try_from(9 + chance.below(8)).ok();
    one.person.first_name = if chance.percent(40) { said(chance.pick(&GIVEN_NAMES)) } else { None };
    if role == Role::Victim && chance.percent(20) {
        one.school = said("Imaginary Middle School");
    }
    one
}
