//! Everybody in the report, each in the list of the part that the sender gave them.

use domain::{
    AccountDisabled, AssociatedAccount, Dossier, Involved, IpEvent, LawEnforcement, Person, Role,
    StampedProfile,
};

use super::files::Timeless;
use super::shape;
use super::shape::{
    Address, Addresses, Capture, Contact, Email, Emails, IntendedRecipients, Nothing, OtherPeople, Phone,
    Phones, ReportedPeople, ReportingEsp, SourceInformation, Valued, Victims,
};
use crate::files::Files;
use crate::package::words::{self, said};

const NOTHING: Nothing = ();

pub(super) fn reporting_esp(dossier: &Dossier<impl Files>) -> ReportingEsp<'_> {
    let reporter = &dossier.submission.reporter;
    let person = &reporter.person;
    ReportingEsp {
        esp_name: &dossier.provider_name,
        role: Role::Reporter.as_str(),
        first_name: said(person.first_name.as_ref()),
        middle_name: said(person.middle_name.as_ref()),
        last_name: said(person.last_name.as_ref()),
        email: said(person.emails.first().map(|mail| &mail.address)),
        emails: emails(person),
        phones: phones(person),
        addresses: addresses(person),
        contact: reporter.contact.as_ref().map(|person| contact(person, Role::Contact)),
        company_template: reporter.company_template.as_deref(),
        terms_of_service: reporter.terms_of_service.as_deref(),
        legal_url: reporter.legal_url.as_deref(),
        sender_notes: dossier.sender_profile.as_ref().map(sender_notes),
    }
}

fn sender_notes(stamped: &StampedProfile) -> shape::SenderNotes<'_> {
    let profile = &stamped.profile;
    let events = profile.events.iter();
    shape::SenderNotes {
        version: stamped.version,
        approved: words::utc(stamped.approved_at),
        viewed: &profile.viewed,
        incident_time: &profile.incident_time,
        events: events.map(|event| shape::Metadata { name: &event.event, value: &event.means }).collect(),
        retention: &profile.retention,
        known_gaps: &profile.known_gaps,
    }
}

pub(super) fn law_enforcement(known: &LawEnforcement) -> shape::LawEnforcement<'_> {
    shape::LawEnforcement {
        agency: &known.agency,
        case_number: known.case_number.as_deref(),
        officer: known.officer.as_ref().map(|person| contact(person, Role::Officer)),
        reported: words::answer(known.reported),
        domestic_process: words::answer(known.domestic_process),
        foreign_process: words::answer(known.foreign_process),
        foreign_country: known.foreign_country.as_deref(),
    }
}

/// The reported, and at least one: readers take element 0. Addresses that belong to a file but have no time stand
/// with the first of them, because readers refuse a file's capture without a time.
pub(super) fn reported<'a>(
    dossier: &'a Dossier<impl Files>,
    nobody: &'a Involved,
    timeless: &'a [Timeless],
) -> ReportedPeople<'a> {
    let mut reported_persons = of_role(dossier, Role::Reported);
    if reported_persons.is_empty() {
        let mut empty = person(nobody, &[]);
        empty.role_warning = Some("Empty entry: the sender named no reported person.".to_owned());
        reported_persons.push(empty);
    }
    if let Some(first) = reported_persons.first_mut().filter(|_| !timeless.is_empty()) {
        let mut captures = first.source_information.take().map_or_else(Vec::new, |own| own.source_captures);
        captures.extend(timeless.iter().map(Timeless::capture));
        first.source_information = SourceInformation::of(captures);
    }
    ReportedPeople { reported_persons }
}

pub(super) fn recipients(dossier: &Dossier<impl Files>) -> IntendedRecipients<'_> {
    IntendedRecipients { intended_recipients: of_role(dossier, Role::Recipient) }
}

pub(super) fn victims(dossier: &Dossier<impl Files>) -> Victims<'_> {
    Victims { victims: of_role(dossier, Role::Victim) }
}

/// Parts that no list of the profile is for.
pub(super) fn others(dossier: &Dossier<impl Files>) -> OtherPeople<'_> {
    let others = [Role::Reporter, Role::Contact, Role::Officer];
    OtherPeople { other_people: others.into_iter().flat_map(|role| of_role(dossier, role)).collect() }
}

/// What must be known before a listed person is taken for a suspect, one sentence a person.
pub(super) fn warnings(dossier: &Dossier<impl Files>) -> Vec<String> {
    let people = &dossier.submission.people;
    let listed = [("reportedPersons", Role::Reported), ("intendedRecipients", Role::Recipient)];
    let of_list = |(list, role): (&'static str, Role)| {
        let numbered = words::people(dossier, role).enumerate();
        numbered.filter_map(move |(at, person)| {
            Some(format!("{list} entry {}. {}", at + 1, words::role_warning(person, people)?))
        })
    };
    listed.into_iter().flat_map(of_list).collect()
}

fn of_role(dossier: &Dossier<impl Files>, role: Role) -> Vec<shape::Person<'_>> {
    words::people(dossier, role).map(|found| person(found, &dossier.submission.people)).collect()
}

fn person<'a>(involved: &'a Involved, people: &[Involved]) -> shape::Person<'a> {
    let known = &involved.person;
    let role_warning = words::role_warning(involved, people);
    shape::Person {
        role: involved.role.as_str(),
        first_name: said(known.first_name.as_ref()),
        middle_name: said(known.middle_name.as_ref()),
        last_name: said(known.last_name.as_ref()),
        preferred_name: NOTHING,
        gender: NOTHING,
        preferred_pronouns: NOTHING,
        date_of_birth: said(known.date_of_birth.as_ref()),
        approximate_age: known.age,
        physical_description: NOTHING,
        vehicle_description: said(involved.vehicle.as_ref()),
        vehicle_tag_number: NOTHING,
        occupation: NOTHING,
        esp_service: involved.service.as_deref(),
        esp_user_id: said(involved.account_id.as_ref()),
        ip_address: NOTHING,
        relationship_to_reporter: NOTHING,
        relationship_to_child_victim: NOTHING,
        access_to_child_victim: NOTHING,
        access_to_children: NOTHING,
        access_to_firearms: NOTHING,
        convicted_sex_offender: NOTHING,
        aware_of_report: NOTHING,
        gang_affiliation: NOTHING,
        additional_contact_information: rest(involved, role_warning.as_deref()),
        additional_disability_information: NOTHING,
        role_warning,
        screen_name: said(involved.screen_name.as_ref()).map(Valued::new),
        emails: emails(known),
        phones: phones(known),
        addresses: addresses(known),
        languages: [],
        races: [],
        disabilities: [],
        source_information: SourceInformation::of(captures(involved)),
        additional_informations: involved
            .additional
            .iter()
            .map(|note| Valued::new(note.reveal().as_str()))
            .collect(),
    }
}

fn captures(involved: &Involved) -> Vec<Capture<'_>> {
    let addresses = involved.ip_events.iter().map(|event| capture(event, None));
    let profiles = involved.profile_urls.iter().map(|url| Capture {
        capture_type: "Profile URL",
        value: url.reveal(),
        date_time: None,
        port: None,
        event_name: None,
        possible_proxy: None,
    });
    addresses.chain(profiles).collect()
}

/// An address seen. A time without a zone stays text, beside the event: as a UTC time it would name the wrong
/// subscriber.
pub(super) fn capture<'a>(event: &'a IpEvent, of_what: Option<&str>) -> Capture<'a> {
    let date_time = event.at.as_ref().and_then(words::given_utc);
    let mut name = event.event.clone().unwrap_or_else(|| "Unknown".to_owned());
    if let Some(of_what) = of_what {
        name = format!("{name}, {of_what}");
    }
    if let Some(at) = event.at.as_ref().filter(|_| date_time.is_none()) {
        name = format!("{name} (time without zone: {})", at.text);
    }
    Capture {
        capture_type: "IP Address",
        value: event.address.reveal(),
        date_time,
        port: event.port.map(|port| port.to_string()),
        event_name: Some(name),
        possible_proxy: Some(words::answer(event.possible_proxy)),
    }
}

fn contact(person: &Person, role: Role) -> Contact<'_> {
    Contact {
        role: role.as_str(),
        first_name: said(person.first_name.as_ref()),
        middle_name: said(person.middle_name.as_ref()),
        last_name: said(person.last_name.as_ref()),
        emails: emails(person),
        phones: phones(person),
        addresses: addresses(person),
    }
}

fn emails(person: &Person) -> Option<Emails<'_>> {
    let all = person.emails.iter().map(|mail| Email {
        value: mail.address.reveal(),
        verified: verified(mail.verified),
        kind: mail.kind.as_deref(),
    });
    (!person.emails.is_empty()).then(|| Emails { emails: all.collect() })
}

fn phones(person: &Person) -> Option<Phones<'_>> {
    let all = person.phones.iter().map(|phone| Phone {
        value: words::phone(phone),
        verified: verified(phone.verified),
        kind: phone.kind.as_deref(),
    });
    (!person.phones.is_empty()).then(|| Phones { phones: all.collect() })
}

fn addresses(person: &Person) -> Option<Addresses<'_>> {
    let all = person.addresses.iter().map(|address| Address {
        street1: said(address.street.as_ref()),
        street2: NOTHING,
        city: said(address.city.as_ref()),
        state: address.state.as_deref().or(address.region.as_deref()),
        postal_code: said(address.postcode.as_ref()),
        country: address.country.as_deref(),
        kind: address.kind.as_deref(),
    });
    (!person.addresses.is_empty()).then(|| Addresses { addresses: all.collect() })
}

/// Printed as given by readers.
const fn verified(answer: Option<bool>) -> &'static str {
    match answer {
        Some(true) => "Verified",
        Some(false) => "Not verified",
        None => "Unknown",
    }
}

/// What the profile has no key for, as lines in the one free text that readers print; the warning comes first.
fn rest(involved: &Involved, warning: Option<&str>) -> Option<String> {
    let mut lines: Vec<String> = warning.map(|words| format!("ROLE WARNING: {words}")).into_iter().collect();
    lines.extend(account_lines(involved));
    for linked in &involved.associated {
        lines.extend(linked_lines(linked));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn account_lines(involved: &Involved) -> Vec<String> {
    let many = |values: &[domain::Private<String>]| {
        let values: Vec<&str> = values.iter().map(|value| value.reveal().as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    };
    let own = |words: Option<&str>| words.map(str::to_owned);
    let yes_or_no = |answer: Option<bool>| answer.map(|_| words::answer(answer).to_owned());
    let prior: Vec<String> = involved.prior_reports.iter().map(ToString::to_string).collect();
    let devices: Vec<String> =
        involved.devices.iter().map(|device| format!("{} {}", device.kind, device.value.reveal())).collect();
    let list = |items: Vec<String>| (!items.is_empty()).then(|| items.join(", "));
    let facts = [
        ("Display names", many(&involved.display_names)),
        ("Profile text", own(said(involved.profile_text.as_ref()))),
        ("Sender doubts the stated age", yes_or_no(involved.person.age_doubted)),
        ("School", own(said(involved.school.as_ref()))),
        ("Group", own(said(involved.group.as_ref()))),
        ("Account may be compromised", yes_or_no(involved.compromised)),
        ("Account of another company", yes_or_no(involved.third_party_user)),
        ("All e-mail addresses reported", yes_or_no(involved.all_emails_reported)),
        ("Sender's estimate of the location", involved.estimated_location.as_ref().map(words::location)),
        ("Devices", list(devices)),
        ("Earlier reports named by the sender", list(prior)),
        ("Temporarily disabled", involved.temporarily_disabled.as_ref().map(disabled)),
        ("Permanently disabled", involved.permanently_disabled.as_ref().map(disabled)),
    ];
    facts.into_iter().filter_map(|(label, fact)| Some(format!("{label}: {}", fact?))).collect()
}

fn disabled(state: &AccountDisabled) -> String {
    let mut text = words::answer(state.disabled).to_owned();
    if let Some(at) = &state.disabled_at {
        text.push_str(&format!(", since {}", at.text));
    }
    if let Some(at) = &state.reenabled_at {
        text.push_str(&format!(", enabled again {}", at.text));
    }
    text.push_str(&format!(", user told: {}", words::answer(state.user_notified)));
    text
}

/// A linked account is a note on the person it is linked to, never a further suspect.
fn linked_lines(linked: &AssociatedAccount) -> Vec<String> {
    let account = &linked.account;
    let name = words::full_name(&account.person);
    let known = [
        linked.platform.clone(),
        account.service.clone(),
        said(account.account_id.as_ref()).map(str::to_owned),
        said(account.screen_name.as_ref()).map(str::to_owned),
        (!name.is_empty()).then_some(name),
    ];
    let known: Vec<String> = known.into_iter().flatten().collect();
    let mut lines = vec![format!("Linked account ({}): {}", linked.kind, known.join(", "))];
    let mails =
        account.person.emails.iter().map(|mail| format!("Linked account e-mail: {}", mail.address.reveal()));
    let phones =
        account.person.phones.iter().map(|phone| format!("Linked account phone: {}", words::phone(phone)));
    lines.extend(mails.chain(phones));
    lines.extend(
        account.ip_events.iter().map(|event| format!("Linked account address: {}", event.address.reveal())),
    );
    lines.extend(account_lines(account).into_iter().map(|line| format!("Linked account: {line}")));
    lines
}
