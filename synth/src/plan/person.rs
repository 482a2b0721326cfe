//! Made-up people: number `n` is the same person in every report.

use domain::{Device, Email, GivenTime, Involved, IpEvent, Person, Phone, Private, Role};
use jiff::{SignedDuration, Timestamp};

use super::Plan;
use crate::chance::Chance;
use crate::names::{FAMILY_NAMES, GIVEN_NAMES, HANDLES, Provider};
use crate::places::{self, SPLIT_STATES, Spot};
use crate::shares::Shares;

/// Numbers below this are people who are reported again and again.
const PROLIFIC: u64 = 4;
/// People reported a few times around the same reports start here.
const RECURRING: u64 = 1_000;
/// People reported once start here; the number of their report is added.
const ONCE: u64 = 1 << 32;
/// Further people of a batched report start here.
const BATCHED: u64 = 1 << 44;
/// Reports among which recurring people come again.
const NEIGHBOURHOOD: u64 = 40;

/// What is known of a person, whatever the report.
#[derive(Debug, Clone)]
pub(super) struct Persona {
    pub number: u64,
    pub home: Spot,
    chance: Chance,
}

/// Which person a report is about.
pub(super) fn number_of(plan: &Plan, index: u64) -> u64 {
    let rates = plan.shares.rates();
    let mut chance = Chance::of(plan.seed, "person", index);
    let kind = chance.below(1_000_000);
    if kind < rates.prolific {
        chance.below(PROLIFIC)
    } else if kind < rates.prolific + rates.recurring {
        RECURRING + index / NEIGHBOURHOOD * 6 + chance.below(6)
    } else {
        ONCE + index
    }
}

/// Further person `n` of a batched report.
pub(super) const fn batch_number(index: u64, n: u64) -> u64 {
    BATCHED + index * 16 + n
}

impl Persona {
    /// Person number `number` of a plan.
    pub(super) fn of(plan: &Plan, number: u64) -> Self {
        let home = home(plan, number);
        Self { number, home, chance: Chance::of(plan.seed, "persona", number) }
    }

    /// The same person, but living elsewhere.
    pub(super) fn at(self, home: Spot) -> Self {
        Self { home, ..self }
    }

    /// The person's own address: `nth` of those they had.
    pub(super) fn address(&self, nth: u64) -> String {
        let n = self.chance.clone().bits().wrapping_add(nth) & 0xffff_ffff_ffff;
        places::address_in(self.home, n).to_string()
    }

    pub(super) fn handle(&self) -> String {
        let handle = self.chance.clone().pick(&HANDLES);
        format!("demo-{handle}-{:x}", self.number)
    }

    /// The account at a provider, with as much of the person as providers tend to know.
    pub(super) fn account(&self, role: Role, provider: &Provider) -> Involved {
        let mut chance = self.chance.clone();
        let handle = self.handle();
        let mut one = Involved::nobody(role);
        one.account_id = said(format!("{:08x}", self.number));
        one.service = Some(provider.name.to_owned());
        one.profile_urls = vec![Private::new(format!("https://{}/u/{handle}", provider.host))];
        one.person = self.person(&mut chance, &handle);
        one.screen_name = said(handle);
        if chance.percent(20) {
            one.devices = vec![self.device()];
        }
        one
    }

    fn person(&self, chance: &mut Chance, handle: &str) -> Person {
        let mut person = Person::default();
        if chance.percent(30) {
            person.first_name = said(chance.pick(&GIVEN_NAMES).to_owned());
            person.last_name = said(chance.pick(&FAMILY_NAMES).to_owned());
        }
        if chance.percent(60) {
            person.emails = vec![email(format!("{handle}@mail.example"), "Home")];
        }
        // A hundred numbers are all there are, and strangers who share one are linked; a foreign person has none,
        // because all of them are American.
        if self.home.country() == Some("US") && chance.percent(4) {
            person.phones = vec![phone(chance.below(90))];
        }
        if chance.percent(30) {
            person.age = i64::try_from(18 + chance.below(45)).ok();
        }
        person
    }

    fn device(&self) -> Device {
        let value = Private::new(format!("synthetic-installation-{:x}", self.number));
        Device { kind: "Installation".to_owned(), value, event: Some("Login".to_owned()), at: None }
    }

    /// A log-in from home.
    pub(super) fn login(&self, at: Timestamp) -> IpEvent {
        ip_event(self.address(0), "Login", at)
    }

    /// An upload from home.
    pub(super) fn upload(&self, at: Timestamp) -> IpEvent {
        ip_event(self.address(0), "Upload", at)
    }
}

fn home(plan: &Plan, number: u64) -> Spot {
    let rates = plan.shares.rates();
    let mut chance = Chance::of(plan.seed, "home", number);
    if chance.ppm(rates.no_place) {
        return Spot::Nowhere;
    }
    if !chance.ppm(rates.in_us) {
        return Spot::Country(places::country(&mut chance));
    }
    if chance.ppm(rates.us_without_state) {
        return Spot::UnitedStates;
    }
    if plan.shares == Shares::Demo {
        return places::demo_spot(&mut chance, number);
    }
    let state = places::state(&mut chance);
    let county = if chance.ppm(rates.without_county) { None } else { places::county_in(&mut chance, state) };
    county.map_or(Spot::State(state), Spot::County)
}

/// A state with several task forces.
pub(super) fn split_state(number: u64) -> Spot {
    let position = usize::try_from(number % SPLIT_STATES.len() as u64).unwrap_or_default();
    Spot::State(SPLIT_STATES[position])
}

/// Text about a person.
pub(super) fn said(text: impl Into<String>) -> Option<Private<String>> {
    Some(Private::new(text.into()))
}

/// A moment in UTC.
pub(super) fn given(at: Timestamp) -> GivenTime {
    GivenTime { text: at.to_string(), instant: Some(at), zone_unknown: false }
}

/// Seconds before a moment.
pub(super) fn before(at: Timestamp, seconds: u64) -> Timestamp {
    let back = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or_default());
    at.checked_sub(back).unwrap_or(at)
}

pub(super) fn ip_event(address: String, event: &str, at: Timestamp) -> IpEvent {
    IpEvent {
        address: Private::new(address),
        event: Some(event.to_owned()),
        at: Some(given(at)),
        possible_proxy: None,
        port: None,
    }
}

pub(super) fn email(address: String, kind: &str) -> Email {
    Email { address: Private::new(address), kind: Some(kind.to_owned()), verified: None, verified_at: None }
}

/// A number reserved for fiction: 202-555-0100 to 0199.
pub(super) fn phone(n: u64) -> Phone {
    Phone {
        number: Private::new(format!("20255501{:02}", n % 100)),
        kind: Some("Mobile".to_owned()),
        calling_code: Some("+1".to_owned()),
        extension: None,
        verified: None,
        verified_at: None,
    }
}
