//! Section A: everybody, each with a role. Children come last and under labels of their own: readers take "Email", "Screen
//! Name" and "IP Address" for a suspect's.

use domain::{AccountDisabled, AssociatedAccount, Dossier, Involved, Role};
use print::Level;

use super::Fault;
use super::fields::Fields;
use super::places;
use crate::files::Files;
use crate::package::words;

/// What things are called of somebody.
struct Labels {
    mailbox: &'static str,
    screen_name: &'static str,
    address: &'static str,
}

const REPORTED: Labels = Labels { mailbox: "Email:", screen_name: "Screen Name:", address: "IP Address:" };
const RECIPIENT: Labels = Labels {
    mailbox: "Recipient\u{2019}s Mailbox:",
    screen_name: "Recipient\u{2019}s Account:",
    address: "IP Address:",
};
const OTHER: Labels = Labels { mailbox: "Mailbox:", screen_name: "Account:", address: "IP Address:" };
const CHILD: Labels = Labels {
    mailbox: "Child\u{2019}s Mailbox:",
    screen_name: "Child\u{2019}s Account:",
    address: "Child\u{2019}s Network Address:",
};

/// Those who are not children.
pub(super) fn put(page: &mut Fields, dossier: &Dossier<impl Files>) -> Result<(), Fault> {
    all(page, dossier, Role::Reported, "Reported Person", &REPORTED)?;
    all(page, dossier, Role::Recipient, "Intended Recipient", &RECIPIENT)?;
    [Role::Reporter, Role::Contact, Role::Officer]
        .into_iter()
        .try_for_each(|role| all(page, dossier, role, "Other Person", &OTHER))
}

/// The children.
pub(super) fn put_children(page: &mut Fields, dossier: &Dossier<impl Files>) -> Result<(), Fault> {
    all(page, dossier, Role::Victim, "Child", &CHILD)
}

fn all(
    page: &mut Fields,
    dossier: &Dossier<impl Files>,
    role: Role,
    heading: &str,
    labels: &Labels,
) -> Result<(), Fault> {
    for (at, involved) in words::people(dossier, role).enumerate() {
        page.heading(Level::Three, &format!("{heading} {}", at + 1))?;
        page.put("Role:", role.as_str())?;
        let warning = words::role_warning(involved, &dossier.submission.people);
        page.maybe("Role Warning:", warning.as_deref())?;
        one(page, involved, labels)?;
    }
    Ok(())
}

fn one(page: &mut Fields, involved: &Involved, labels: &Labels) -> Result<(), Fault> {
    let person = &involved.person;
    let name = words::full_name(person);
    page.maybe("Name:", Some(name.as_str()).filter(|name| !name.is_empty()))?;
    page.said(labels.screen_name, involved.screen_name.as_ref())?;
    page.each("Display Name:", &involved.display_names)?;
    page.said("Account Id:", involved.account_id.as_ref())?;
    page.maybe("Service:", involved.service.as_deref())?;
    person.emails.iter().try_for_each(|mail| page.put(labels.mailbox, mail.address.reveal()))?;
    person.phones.iter().try_for_each(|phone| page.put("Telephone:", &words::phone(phone)))?;
    person.addresses.iter().try_for_each(|one| page.put("Postal Address:", &words::postal(one)))?;
    page.said("Born:", person.date_of_birth.as_ref())?;
    page.maybe("Age:", person.age.map(|age| age.to_string()).as_deref())?;
    if person.age_doubted.is_some() {
        page.put("Sender Doubts the Age:", words::answer(person.age_doubted))?;
    }
    page.each("Profile Page:", &involved.profile_urls)?;
    page.said("Profile Text:", involved.profile_text.as_ref())?;
    page.said("Vehicle:", involved.vehicle.as_ref())?;
    page.said("School:", involved.school.as_ref())?;
    page.said("Group:", involved.group.as_ref())?;
    page.maybe(
        "Sender\u{2019}s Estimate of Place:",
        involved.estimated_location.as_ref().map(words::location).as_deref(),
    )?;
    rest(page, involved, labels)
}

fn rest(page: &mut Fields, involved: &Involved, labels: &Labels) -> Result<(), Fault> {
    for device in &involved.devices {
        page.put("Device:", &format!("{} {}", device.kind, device.value.reveal()))?;
    }
    for prior in &involved.prior_reports {
        page.put("Earlier Report by Sender:", &prior.to_string())?;
    }
    if involved.compromised.is_some() {
        page.put("Account Compromised:", words::answer(involved.compromised))?;
    }
    disabled(page, "Temporarily Disabled:", involved.temporarily_disabled.as_ref())?;
    disabled(page, "Permanently Disabled:", involved.permanently_disabled.as_ref())?;
    places::events(page, labels.address, &involved.ip_events)?;
    involved.associated.iter().try_for_each(|linked| account(page, linked, labels))?;
    involved.additional.iter().try_for_each(|note| page.text("Remarks:", Some(note)))
}

fn disabled(page: &mut Fields, label: &str, state: Option<&AccountDisabled>) -> Result<(), Fault> {
    state.map_or(Ok(()), |state| page.put(label, words::answer(state.disabled)))
}

/// A linked account is a note on the person it is linked to, never a further one of that role.
fn account(page: &mut Fields, linked: &AssociatedAccount, labels: &Labels) -> Result<(), Fault> {
    let account = &linked.account;
    page.put("Linked Account:", &linked.kind)?;
    page.maybe("On Platform:", linked.platform.as_deref().or(account.service.as_deref()))?;
    page.said("Linked Account Id:", account.account_id.as_ref())?;
    page.said("Linked Account Name:", account.screen_name.as_ref())?;
    let name = words::full_name(&account.person);
    page.maybe("Linked Name:", Some(name.as_str()).filter(|name| !name.is_empty()))?;
    account.person.emails.iter().try_for_each(|mail| page.put("Linked Mailbox:", mail.address.reveal()))?;
    account.person.phones.iter().try_for_each(|one| page.put("Linked Telephone:", &words::phone(one)))?;
    places::events(page, labels.address, &account.ip_events)
}
