//! How long an account holds, and what its person is. What has run out is found here by the server's clock;
//! the worker switches it off.

use database::{FromRow, Row, bind};
use domain::{AgencyId, Attribute, Gone, Id, PersonId};
use jiff::{SignedDuration, Timestamp};
use policy::ViewerRole;
use serde_json::json;

use crate::person::{self, Home, Role};
use crate::{Act, Event, EventKind, Refusal, Result, View, column};

/// An agency's word that a person works there holds for so long.
pub const ATTESTED: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Whoever did not sign in for so long is switched off.
pub const INACTIVE: SignedDuration = SignedDuration::from_hours(45 * 24);
/// A provider that is switched off lets nobody in from that moment on; so long later its people's accounts go for good, a
/// day before the week of R-71 is over. Until then whoever was switched off by mistake can be switched on again.
pub const ORPHANED: SignedDuration = SignedDuration::from_hours(6 * 24);
/// A temporary account lives no longer.
pub const TEMPORARY: SignedDuration = SignedDuration::from_hours(24);
/// An account is looked at again after so long (AC-2 j).
pub const REVIEWED: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Training holds for so long (AT-2).
pub const TRAINED: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Days before its end at which a word that runs out is shown as such: first, and last.
pub const REMINDERS: [i64; 2] = [14, 3];

const MOST_LISTED: u32 = 10_000;

const OF_HOUSE: &str = "-- account::of_house
    SELECT id, agency_id, provider_id, role, added_at, entered_at, attested_until, trained_until, temporary_until,
        reviewed_at, disabled_at, disabled_because
    FROM person WHERE agency_id IS NULL AND provider_id IS NULL ORDER BY id LIMIT :most";

const OF_AGENCY: &str = "-- account::of_agency
    SELECT id, agency_id, provider_id, role, added_at, entered_at, attested_until, trained_until, temporary_until,
        reviewed_at, disabled_at, disabled_because
    FROM person WHERE agency_id = :agency ORDER BY id LIMIT :most";

const OF_PROVIDER: &str = "-- account::of_provider
    SELECT id, agency_id, provider_id, role, added_at, entered_at, attested_until, trained_until, temporary_until,
        reviewed_at, disabled_at, disabled_because
    FROM person WHERE provider_id = :provider ORDER BY id LIMIT :most";

const LIVE: &str = "-- account::live
    SELECT id, agency_id, provider_id, role, added_at, entered_at, attested_until, trained_until, temporary_until,
        reviewed_at, disabled_at, disabled_because
    FROM person WHERE disabled_at IS NULL ORDER BY id LIMIT :most";

const GET: &str = "-- account::get
    SELECT id, agency_id, provider_id, role, added_at, entered_at, attested_until, trained_until, temporary_until,
        reviewed_at, disabled_at, disabled_because
    FROM person WHERE id = :person";

/// The first reason that holds is the one that is recorded.
const OVER: &str = "-- account::over
    SELECT person.id, CASE
        WHEN agency.disabled_at IS NOT NULL OR provider.disabled_at <= :orphaned THEN 'orphaned'
        WHEN temporary_until <= :now THEN 'temporary'
        WHEN COALESCE(attested_until, person.added_at + :attested) <= :now AND agency_id IS NOT NULL THEN 'unattested'
        ELSE 'inactive' END AS because
    FROM person LEFT JOIN agency ON agency.id = agency_id LEFT JOIN provider ON provider.id = provider_id
    WHERE person.disabled_at IS NULL AND (agency.disabled_at IS NOT NULL OR provider.disabled_at <= :orphaned
        OR temporary_until <= :now
        OR (COALESCE(attested_until, person.added_at + :attested) <= :now AND agency_id IS NOT NULL)
        OR COALESCE(entered_at, person.added_at) <= :inactive)
    ORDER BY person.id LIMIT :most";

const ENTERED: &str = "-- account::entered
    UPDATE person SET entered_at = :now WHERE id = :person";

const ATTEST: &str = "-- account::attest
    UPDATE person SET attested_until = :until WHERE id = :person AND agency_id = :agency AND disabled_at IS NULL";

const TRAIN: &str = "-- account::train
    UPDATE person SET trained_until = :until WHERE id = :person AND disabled_at IS NULL";

const REVIEW: &str = "-- account::review
    UPDATE person SET reviewed_at = :now WHERE id = :person AND disabled_at IS NULL";

const ATTRIBUTES: &str = "-- account::attributes
    SELECT name, value FROM person_attribute WHERE person_id = :person ORDER BY name";

const PUT_ATTRIBUTE: &str = "-- account::put_attribute
    INSERT INTO person_attribute (person_id, name, value, set_at) VALUES (:person, :name, :value, :now)
    ON CONFLICT (person_id, name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at";

/// Letters of an attribute's value.
const MOST_LETTERS: usize = 40;

/// What of an account comes to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The agency's word that they work there.
    Attestation,
    /// Their training.
    Training,
    /// A temporary account.
    Temporary,
    /// The year in which it is reviewed.
    Review,
    /// The days without a sign-in.
    Inactive,
}

impl Ending {
    /// What is to be done about it, in words.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::Attestation => "attest that they still work there",
            Self::Training => "record their next training",
            Self::Temporary => "the temporary account goes",
            Self::Review => "review whether they still need the account",
            Self::Inactive => "they sign in, or are switched off",
        }
    }
}

/// A person's account, whether it still holds or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub person: PersonId,
    /// Where they belong.
    pub home: Home,
    /// What they are there for.
    pub role: ViewerRole,
    /// When it was made.
    pub added_at: Timestamp,
    /// When they last signed in.
    pub entered_at: Option<Timestamp>,
    /// Until when their agency says that they work there.
    pub attested_until: Option<Timestamp>,
    /// Until when their training holds; nothing was recorded where `None`.
    pub trained_until: Option<Timestamp>,
    /// When a temporary account goes.
    pub temporary_until: Option<Timestamp>,
    /// When somebody last looked whether they still need it.
    pub reviewed_at: Option<Timestamp>,
    /// When and why they were switched off.
    pub gone: Option<(Timestamp, Gone)>,
}

impl Account {
    /// When they are switched off for want of their agency's word.
    #[must_use]
    pub fn attestation_ends(&self) -> Option<Timestamp> {
        self.home.agency()?;
        Some(self.attested_until.unwrap_or_else(|| after(self.added_at, ATTESTED)))
    }

    /// Whether their agency has to say soon that they still work there: in the days of the first reminder.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        let first = SignedDuration::from_hours(24 * REMINDERS[0]);
        self.gone.is_none() && self.attestation_ends().is_some_and(|end| end <= after(now, first))
    }

    /// When its yearly review is due (AC-2 j); of an agency's people every attestation is one.
    #[must_use]
    pub fn review_ends(&self) -> Option<Timestamp> {
        let last = self.reviewed_at.unwrap_or(self.added_at);
        self.home.agency().is_none().then(|| after(last, REVIEWED))
    }

    /// Whether it was made, or reviewed, a year ago or earlier.
    #[must_use]
    pub fn awaits_review(&self, now: Timestamp) -> bool {
        self.gone.is_none() && self.review_ends().is_some_and(|end| end <= now)
    }

    /// What of this account ends within so long from now, the soonest first.
    #[must_use]
    pub fn ending(&self, now: Timestamp, within: SignedDuration) -> Vec<(Ending, Timestamp)> {
        if self.gone.is_some() {
            return Vec::new();
        }
        let ends = [
            (Ending::Attestation, self.attestation_ends()),
            (Ending::Training, self.trained_until),
            (Ending::Temporary, self.temporary_until),
            (Ending::Review, self.review_ends()),
            (Ending::Inactive, Some(after(self.entered_at.unwrap_or(self.added_at), INACTIVE))),
        ];
        let horizon = after(now, within);
        let mut soon: Vec<(Ending, Timestamp)> = ends
            .into_iter()
            .filter_map(|(what, end)| Some((what, end.filter(|end| *end <= horizon)?)))
            .collect();
        soon.sort_by_key(|(_, end)| *end);
        soon
    }

    /// Whether their training keeps them out.
    #[must_use]
    pub fn is_untrained(&self, now: Timestamp) -> bool {
        self.trained_until.is_some_and(|until| until <= now)
    }
}

/// Everybody of a home, those who are gone too.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>, home: &Home) -> Result<Vec<Account>> {
    Ok(match home {
        Home::House => view.tx().rows(OF_HOUSE, &bind! { most: MOST_LISTED })?,
        Home::Agency(agency) => {
            view.tx().rows(OF_AGENCY, &bind! { agency: agency.as_str(), most: MOST_LISTED })?
        }
        Home::Provider(provider) => {
            view.tx().rows(OF_PROVIDER, &bind! { provider: provider.as_str(), most: MOST_LISTED })?
        }
    })
}

/// Everybody who is not switched off, of whatever home.
///
/// # Errors
/// A fault of the database.
pub fn live(view: &View<'_>) -> Result<Vec<Account>> {
    Ok(view.tx().rows(LIVE, &bind! { most: MOST_LISTED })?)
}

/// One account.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(view: &View<'_>, id: &PersonId) -> Result<Account> {
    Ok(view.tx().find(GET, &bind! { person: id.as_str() })?.ok_or(Refusal::NotFound)?)
}

/// Whose account is over by the clock, and why; at most so many.
///
/// # Errors
/// A fault of the database.
pub fn over(view: &View<'_>, most: u32) -> Result<Vec<(PersonId, Gone)>> {
    let now = view.now();
    let asked = bind! {
        now: column::micros(now), most, inactive: column::micros(after(now, -INACTIVE)),
        orphaned: column::micros(after(now, -ORPHANED)),
        attested: i64::try_from(ATTESTED.as_micros()).unwrap_or(i64::MAX),
    };
    let found: Vec<Over> = view.tx().rows(OVER, &asked)?;
    Ok(found.into_iter().map(|Over(person, because)| (person, because)).collect())
}

/// Refuses whoever's account is over by the clock, though nobody switched it off yet, or whose training is (AT-2).
///
/// # Errors
/// [`Refusal::Disabled`].
pub fn must_hold(view: &View<'_>, id: &PersonId) -> Result<()> {
    let (account, now) = (get(view, id)?, view.now());
    let ends = [account.attestation_ends(), account.temporary_until, account.trained_until];
    let idle = after(account.entered_at.unwrap_or(account.added_at), INACTIVE);
    if idle <= now || ends.into_iter().flatten().any(|end| end <= now) {
        return Err(Refusal::Disabled.into());
    }
    Ok(())
}

/// Switches off everybody whose account is over, at most so many, and answers how many it were. Done twice, it does
/// nothing the second time.
///
/// # Errors
/// A fault of the database.
pub fn close_over(act: &Act<'_>, most: u32) -> Result<usize> {
    let found = over(act, most)?;
    for (person, because) in &found {
        person::disable_because(act, person, *because)?;
    }
    Ok(found.len())
}

/// They signed in.
pub(crate) fn entered(act: &Act<'_>, id: &PersonId) -> Result<()> {
    act.tx().execute(ENTERED, &bind! { person: id.as_str(), now: column::micros(act.now()) })?;
    Ok(())
}

/// The agency says that a person still works there.
///
/// # Errors
/// [`Refusal::NotFound`] for somebody of another agency and for who is switched off.
pub fn attest(act: &Act<'_>, agency: &AgencyId, id: &PersonId) -> Result<()> {
    let until = attested_from(act.now());
    let row = bind! { person: id.as_str(), agency: agency.as_str(), until };
    if act.tx().execute(ATTEST, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let told = json!({ "agency": agency, "person": id, "until": until });
    act.note(Event::of_house(EventKind::PersonAttested).with(told))?;
    Ok(())
}

/// Somebody looked at an account and says that it is still needed (AC-2 j).
///
/// # Errors
/// [`Refusal::NotFound`] for who is unknown or switched off.
pub fn review(act: &Act<'_>, id: &PersonId) -> Result<()> {
    if act.tx().execute(REVIEW, &bind! { person: id.as_str(), now: column::micros(act.now()) })? == 0 {
        return Err(Refusal::NotFound.into());
    }
    act.note(Event::of_house(EventKind::AccountReviewed).with(json!({ "person": id })))?;
    Ok(())
}

/// A person was trained at a moment.
///
/// # Errors
/// [`Refusal::NotFound`] for who is unknown or switched off, [`Refusal::Unfit`] for a moment to come.
pub fn train(act: &Act<'_>, id: &PersonId, trained_at: Timestamp) -> Result<()> {
    if trained_at > act.now() {
        return Err(Refusal::Unfit { what: "day of the training" }.into());
    }
    let until = column::micros(after(trained_at, TRAINED));
    if act.tx().execute(TRAIN, &bind! { person: id.as_str(), until })? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let told = json!({ "person": id, "until": until });
    act.note(Event::of_house(EventKind::TrainingRecorded).with(told))?;
    Ok(())
}

/// What a person is, by CJIS names.
///
/// # Errors
/// A fault of the database.
pub fn attributes(view: &View<'_>, id: &PersonId) -> Result<Vec<(Attribute, String)>> {
    let found: Vec<Said> = view.tx().rows(ATTRIBUTES, &bind! { person: id.as_str() })?;
    Ok(found.into_iter().map(|Said(name, value)| (name, value)).collect())
}

/// Records what a person is.
///
/// # Errors
/// [`Refusal::Unfit`] for a value that is empty or long; a fault for an unknown person.
pub fn put_attribute(act: &Act<'_>, id: &PersonId, name: Attribute, value: &str) -> Result<()> {
    if value.trim().is_empty() || value.chars().count() > MOST_LETTERS {
        return Err(Refusal::Unfit { what: "attribute" }.into());
    }
    let row = bind! {
        person: id.as_str(), name: name.as_str(), value: value.trim(), now: column::micros(act.now()),
    };
    act.tx().execute(PUT_ATTRIBUTE, &row)?;
    let told = json!({ "attribute": name, "person": id });
    act.note(Event::of_house(EventKind::AttributeRecorded).with(told))?;
    Ok(())
}

/// Until when a word holds that is given now, as it is stored.
pub(crate) fn attested_from(now: Timestamp) -> i64 {
    column::micros(after(now, ATTESTED))
}

/// A moment so much later; the end of time where there is none.
pub(crate) fn after(at: Timestamp, span: SignedDuration) -> Timestamp {
    at.checked_add(span).unwrap_or(if span.is_negative() { Timestamp::MIN } else { Timestamp::MAX })
}

struct Over(PersonId, Gone);

impl FromRow for Over {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(column::parsed(row, "id")?, column::parsed(row, "because")?))
    }
}

struct Said(Attribute, String);

impl FromRow for Said {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(column::parsed(row, "name")?, row.get("value")?))
    }
}

impl FromRow for Account {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let because = column::parsed_option(row, "disabled_because")?.unwrap_or(Gone::ByHand);
        Ok(Self {
            person: column::parsed(row, "id")?,
            home: Home::from_row(row)?,
            role: row.get::<Role>("role")?.0,
            added_at: column::moment(row, "added_at")?,
            entered_at: column::moment_option(row, "entered_at")?,
            attested_until: column::moment_option(row, "attested_until")?,
            trained_until: column::moment_option(row, "trained_until")?,
            temporary_until: column::moment_option(row, "temporary_until")?,
            reviewed_at: column::moment_option(row, "reviewed_at")?,
            gone: column::moment_option(row, "disabled_at")?.map(|at| (at, because)),
        })
    }
}
