//! Walks everything that a report says and hands each value to the collector, with its place. Paths are those of the
//! provider API with positions: an investigator finds the spot in the document.

use domain::{Device, IncidentDetail, Involved, IpEvent, Person, Private, Role, Submission};

use super::{FileKnown, Found};

/// Reporter, contact and officer are not walked: they are the people who help.
pub(super) fn submission(submission: &Submission, found: &mut Found<'_>) {
    for (at, detail) in submission.details.iter().enumerate() {
        incident(detail, &format!("internetDetails[{at}]"), found);
    }
    for (at, involved) in submission.people.iter().enumerate() {
        if !matches!(involved.role, Role::Reporter | Role::Contact | Role::Officer) {
            account(involved, &format!("{}[{at}]", element(involved.role)), found);
        }
    }
    texts(&submission.additional, None, "additionalInfo", found);
    for field in &submission.unmodelled {
        found.text(field.text.reveal(), None, &field.path);
    }
}

pub(super) fn file(position: usize, file: &FileKnown<'_>, found: &mut Found<'_>) {
    let path = format!("fileDetails[{position}]");
    found.hash("sha256", file.sha256, format!("{path}/received"));
    let Some(statement) = file.statement else { return };
    for hash in &statement.original_hashes {
        found.hash(&hash.kind, hash.value.reveal(), format!("{path}/originalFileHash"));
    }
    if let Some(event) = &statement.ip_event {
        found.ip(event.address.reveal(), Some(Role::Reported), format!("{path}/ipCaptureEvent/ipAddress"));
    }
    devices(&statement.devices, Some(Role::Reported), &path, found);
    if let Some(location) = &statement.location {
        found.url(location.reveal(), None, format!("{path}/locationOfFile"));
    }
    texts(&statement.additional, None, &format!("{path}/additionalInfo"), found);
}

/// The element that holds people of a role, for paths.
const fn element(role: Role) -> &'static str {
    match role {
        Role::Reported => "personOrUserReported",
        Role::Recipient => "intendedRecipient",
        Role::Victim => "victim",
        Role::Reporter => "reporter/reportingPerson",
        Role::Contact => "reporter/contactPerson",
        Role::Officer => "lawEnforcement/officerContact",
    }
}

fn account(account: &Involved, path: &str, found: &mut Found<'_>) {
    let role = Some(account.role);
    let service = account.service.as_deref();
    person(&account.person, role, path, found);
    if let Some(id) = &account.account_id {
        found.account(service, id.reveal(), role, format!("{path}/espIdentifier"));
    }
    if let Some(name) = &account.screen_name {
        found.screen_name(service, name.reveal(), role, format!("{path}/screenName"));
    }
    for (at, url) in account.profile_urls.iter().enumerate() {
        found.url(url.reveal(), role, format!("{path}/profileUrl[{at}]"));
    }
    ips(&account.ip_events, role, path, found);
    devices(&account.devices, role, path, found);
    said(account.profile_text.as_ref(), role, &format!("{path}/profileBio"), found);
    texts(&account.additional, role, &format!("{path}/additionalInfo"), found);
    for (at, associated) in account.associated.iter().enumerate() {
        let mut other = associated.account.as_ref().clone();
        if other.service.is_none() {
            other.service.clone_from(&associated.platform);
        }
        self::account(&other, &format!("{path}/associatedAccount[{at}]"), found);
    }
}

fn person(person: &Person, role: Option<Role>, path: &str, found: &mut Found<'_>) {
    for (at, email) in person.emails.iter().enumerate() {
        found.email(email.address.reveal(), role, format!("{path}/email[{at}]"));
    }
    for (at, phone) in person.phones.iter().enumerate() {
        let (number, code) = (phone.number.reveal(), phone.calling_code.as_deref());
        found.phone(number, code, role, format!("{path}/phone[{at}]"));
    }
}

fn ips(events: &[IpEvent], role: Option<Role>, path: &str, found: &mut Found<'_>) {
    for (at, event) in events.iter().enumerate() {
        found.ip(event.address.reveal(), role, format!("{path}/ipCaptureEvent[{at}]/ipAddress"));
    }
}

fn devices(devices: &[Device], role: Option<Role>, path: &str, found: &mut Found<'_>) {
    for (at, device) in devices.iter().enumerate() {
        found.device(&device.kind, device.value.reveal(), role, format!("{path}/deviceId[{at}]"));
    }
}

fn texts(texts: &[Private<String>], role: Option<Role>, path: &str, found: &mut Found<'_>) {
    for (at, text) in texts.iter().enumerate() {
        found.text(text.reveal(), role, &format!("{path}[{at}]"));
    }
}

fn said(text: Option<&Private<String>>, role: Option<Role>, path: &str, found: &mut Found<'_>) {
    if let Some(text) = text {
        found.text(text.reveal(), role, path);
    }
}

fn incident(detail: &IncidentDetail, path: &str, found: &mut Found<'_>) {
    match detail {
        IncidentDetail::WebPage { urls, additional, .. } => {
            for (at, url) in urls.iter().enumerate() {
                found.url(url.reveal(), None, format!("{path}/webPageIncident/url[{at}]"));
            }
            said(additional.as_ref(), None, &format!("{path}/webPageIncident/additionalInfo"), found);
        }
        IncidentDetail::Email { addresses, content, additional }
        | IncidentDetail::Newsgroup { addresses, content, additional, .. } => {
            for (at, email) in addresses.iter().enumerate() {
                found.email(email.address.reveal(), None, format!("{path}/emailAddress[{at}]"));
            }
            said(content.as_ref(), None, &format!("{path}/content"), found);
            said(additional.as_ref(), None, &format!("{path}/additionalInfo"), found);
        }
        IncidentDetail::Chat { content, additional, .. }
        | IncidentDetail::Gaming { content, additional, .. } => {
            said(content.as_ref(), None, &format!("{path}/content"), found);
            said(additional.as_ref(), None, &format!("{path}/additionalInfo"), found);
        }
        IncidentDetail::CellPhone { number, additional, .. } => {
            if let Some(phone) = number {
                let code = phone.calling_code.as_deref();
                found.phone(
                    phone.number.reveal(),
                    code,
                    None,
                    format!("{path}/cellPhoneIncident/phoneNumber"),
                );
            }
            said(additional.as_ref(), None, &format!("{path}/cellPhoneIncident/additionalInfo"), found);
        }
        IncidentDetail::Elsewhere { additional, .. } => {
            said(additional.as_ref(), None, &format!("{path}/nonInternetIncident/additionalInfo"), found);
        }
        IncidentDetail::PeerToPeer { ip_events, file_names, additional, .. } => {
            ips(ip_events, None, &format!("{path}/peer2peerIncident"), found);
            said(file_names.as_ref(), None, &format!("{path}/peer2peerIncident/fileNames"), found);
            said(additional.as_ref(), None, &format!("{path}/peer2peerIncident/additionalInfo"), found);
        }
    }
}
