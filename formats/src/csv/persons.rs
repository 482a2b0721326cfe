//! `persons.csv`: everybody the report names, the part they have in the first column of every row.

use std::io::{self, Write};

use domain::{Dossier, Involved, Person, Private, Role};

use super::sheet::{self, Cell, Sheet};
use crate::files::Files;
use crate::package::words::{self, said};

const HEADER: [&str; 24] = [
    "Role",
    "Role Warning",
    "Number",
    "Linked To",
    "First Name",
    "Middle Name",
    "Last Name",
    "Screen Name",
    "Display Names",
    "Account Id",
    "Service",
    "E-mails",
    "Phones",
    "Addresses",
    "Date Of Birth",
    "Age",
    "Age Doubted By Sender",
    "Profile URLs",
    "Estimated Location",
    "Vehicle",
    "School",
    "Devices",
    "Earlier Reports",
    "Additional Information",
];

/// The sheet: UTF-8 with byte-order mark.
#[must_use]
pub fn persons(dossier: &Dossier<impl Files>) -> Vec<u8> {
    sheet::whole(|out| write(dossier, out))
}

fn write(dossier: &Dossier<impl Files>, out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = Sheet::new(out, HEADER)?;
    let people = &dossier.submission.people;
    for (at, person) in people.iter().enumerate() {
        let number = (at + 1).to_string();
        let warning = words::role_warning(person, people);
        sheet.row(row(person, person.role, warning.as_deref(), &number, ""))?;
        for (linked_at, linked) in person.associated.iter().enumerate() {
            let linked_to = format!("{} of {} {number}", linked.kind, person.role);
            let note = format!("Account linked to the {}; not a further person of that part.", person.role);
            let number = format!("{number}.{}", linked_at + 1);
            sheet.row(row(&linked.account, person.role, Some(&note), &number, &linked_to))?;
        }
    }
    let submission = &dossier.submission;
    let officer = submission.law_enforcement.as_ref().and_then(|known| known.officer.as_ref());
    let about = [
        (Role::Reporter, Some(&submission.reporter.person)),
        (Role::Contact, submission.reporter.contact.as_ref()),
        (Role::Officer, officer),
    ];
    for (role, person) in about {
        let Some(person) = person else { continue };
        sheet.row(row(&bare(person, role), role, None, "", ""))?;
    }
    Ok(())
}

fn bare(person: &Person, role: Role) -> Involved {
    Involved { person: person.clone(), ..Involved::nobody(role) }
}

fn row(involved: &Involved, role: Role, warning: Option<&str>, number: &str, linked_to: &str) -> [Cell; 24] {
    let person = &involved.person;
    let mails: Vec<&str> = person.emails.iter().map(|mail| mail.address.reveal().as_str()).collect();
    let phones: Vec<String> = person.phones.iter().map(words::phone).collect();
    let postal: Vec<String> = person.addresses.iter().map(words::postal).collect();
    let devices: Vec<String> =
        involved.devices.iter().map(|device| format!("{} {}", device.kind, device.value.reveal())).collect();
    let prior: Vec<String> = involved.prior_reports.iter().map(ToString::to_string).collect();
    let place = involved.estimated_location.as_ref().map(words::location);
    [
        role.as_str().into(),
        warning.into(),
        number.into(),
        linked_to.into(),
        said(person.first_name.as_ref()).into(),
        said(person.middle_name.as_ref()).into(),
        said(person.last_name.as_ref()).into(),
        said(involved.screen_name.as_ref()).into(),
        many(&involved.display_names),
        said(involved.account_id.as_ref()).into(),
        involved.service.as_deref().into(),
        mails.join("; ").into(),
        phones.join("; ").into(),
        postal.join("; ").into(),
        said(person.date_of_birth.as_ref()).into(),
        person.age.map(|age| age.to_string()).into(),
        words::answer(person.age_doubted).into(),
        many(&involved.profile_urls),
        place.into(),
        said(involved.vehicle.as_ref()).into(),
        said(involved.school.as_ref()).into(),
        devices.join("; ").into(),
        prior.join("; ").into(),
        many(&involved.additional),
    ]
}

fn many(values: &[Private<String>]) -> Cell {
    let values: Vec<&str> = values.iter().map(|value| value.reveal().as_str()).collect();
    values.join("; ").into()
}
