//! Section A, first half: who reports what, when and where.

use domain::{Dossier, LawEnforcement, Person};
use print::Level;

use super::Fault;
use super::fields::{Fields, moment};
use super::places;
use crate::files::Files;
use crate::package::words;

pub(super) fn put(page: &mut Fields, dossier: &Dossier<impl Files>) -> Result<(), Fault> {
    page.heading(Level::Two, "Section A: Supplied by the Reporting Service")?;
    // First of all, since one reader takes the first "ESP" that it meets, and then the first "Time".
    page.put("Reporting ESP:", &dossier.provider_name)?;
    let incident = &dossier.submission.incident;
    page.put("Incident Time:", &moment(&incident.occurred))?;
    page.put("What That Moment Means:", incident.occurred_means.as_deref().unwrap_or("Unknown"))?;
    page.put("Incident Type:", words::incident_type(&incident.incident_type))?;
    page.maybe("Platform:", incident.platform.as_deref())?;
    page.said("Why the Sender Asks for Haste:", incident.escalation.as_ref())?;
    for annotation in &incident.annotations {
        page.put("Sender Annotation:", annotation)?;
    }
    reporter(page, dossier)?;
    places::put(page, &dossier.submission.details)?;
    for note in &dossier.submission.additional {
        page.text("Additional Information:", Some(note))?;
    }
    match &dossier.submission.law_enforcement {
        Some(known) => law_enforcement(page, known),
        None => Ok(()),
    }
}

fn reporter(page: &mut Fields, dossier: &Dossier<impl Files>) -> Result<(), Fault> {
    let reporter = &dossier.submission.reporter;
    person(page, "Reporter", &reporter.person)?;
    if let Some(contact) = &reporter.contact {
        person(page, "Contact", contact)?;
    }
    page.maybe("Terms That Were Broken:", reporter.terms_of_service.as_deref())?;
    page.maybe("Legal Process:", reporter.legal_url.as_deref())?;
    match &dossier.sender_profile {
        None => page.put("How This Sender Reports:", "Not described; see sender-notes.md"),
        Some(stamped) => {
            page.put("What \u{201c}Viewed\u{201d} Means Here:", &stamped.profile.viewed)?;
            page.put("What the Incident Moment Is:", &stamped.profile.incident_time)?;
            stamped.profile.known_gaps.iter().try_for_each(|gap| page.put("Known Gap:", gap))
        }
    }
}

/// Somebody who is not accused of anything: under labels that no reader takes for a suspect's.
fn person(page: &mut Fields, role: &str, person: &Person) -> Result<(), Fault> {
    let name = words::full_name(person);
    if !name.is_empty() {
        page.put(&format!("{role}:"), &name)?;
    }
    for mail in &person.emails {
        page.put(&format!("{role}\u{2019}s Mailbox:"), mail.address.reveal())?;
    }
    for phone in &person.phones {
        page.put(&format!("{role}\u{2019}s Telephone:"), &words::phone(phone))?;
    }
    Ok(())
}

fn law_enforcement(page: &mut Fields, known: &LawEnforcement) -> Result<(), Fault> {
    page.heading(Level::Three, "What the sender already did with law enforcement")?;
    page.put("Agency:", &known.agency)?;
    page.maybe("Case Number:", known.case_number.as_deref())?;
    page.put("Sender Reported to It:", words::answer(known.reported))?;
    page.put("Process from the US:", words::answer(known.domestic_process))?;
    page.put("Process from Elsewhere:", words::answer(known.foreign_process))?;
    match &known.officer {
        Some(officer) => person(page, "Officer", officer),
        None => Ok(()),
    }
}
