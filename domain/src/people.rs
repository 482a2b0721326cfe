//! One walk over everybody whom a report speaks of, for whoever asks the same of each of them. The people who
//! help (reporter, contact, officer) are never among them: their places and numbers say nothing about the matter.

use crate::{
    Address, EstimatedLocation, FileStatement, IncidentDetail, Involved, IpEvent, Phone, Role, Submission,
};

/// Associated accounts are followed this deep.
const MAX_DEPTH: usize = 4;

/// Every account with the role it has, associated ones after the account that they belong to.
#[must_use]
pub fn accounts(submission: &Submission) -> Vec<&Involved> {
    let mut all = Vec::new();
    for involved in &submission.people {
        if !matches!(involved.role, Role::Reporter | Role::Contact | Role::Officer) {
            follow(involved, 1, &mut all);
        }
    }
    all
}

fn follow<'a>(account: &'a Involved, depth: usize, all: &mut Vec<&'a Involved>) {
    all.push(account);
    if depth < MAX_DEPTH {
        for associated in &account.associated {
            follow(&associated.account, depth + 1, all);
        }
    }
}

/// Every internet address with the role of whom it was seen; those of files and peers are the reported one's.
#[must_use]
pub fn ip_events<'a>(
    submission: &'a Submission,
    statements: impl Iterator<Item = &'a FileStatement>,
) -> Vec<(Role, &'a IpEvent)> {
    let mut all: Vec<(Role, &IpEvent)> = Vec::new();
    for account in accounts(submission) {
        all.extend(account.ip_events.iter().map(|event| (account.role, event)));
    }
    for detail in &submission.details {
        if let IncidentDetail::PeerToPeer { ip_events, .. } = detail {
            all.extend(ip_events.iter().map(|event| (Role::Reported, event)));
        }
    }
    all.extend(
        statements.filter_map(|statement| statement.ip_event.as_ref()).map(|event| (Role::Reported, event)),
    );
    all
}

/// Every postal address with the role of whose it is; places of the incident are the reported one's.
#[must_use]
pub fn postal_addresses(submission: &Submission) -> Vec<(Role, &Address)> {
    let mut all: Vec<(Role, &Address)> = Vec::new();
    for account in accounts(submission) {
        all.extend(account.person.addresses.iter().map(|address| (account.role, address)));
    }
    all.extend(incident_addresses(submission).map(|address| (Role::Reported, address)));
    all
}

/// Places off the internet that the incident names.
pub fn incident_addresses(submission: &Submission) -> impl Iterator<Item = &Address> {
    submission.details.iter().flat_map(|detail| match detail {
        IncidentDetail::Elsewhere { addresses, .. } => addresses.as_slice(),
        _ => &[],
    })
}

/// Every estimate of a place.
#[must_use]
pub fn estimates(submission: &Submission) -> Vec<(Role, &EstimatedLocation)> {
    let all = accounts(submission).into_iter();
    all.filter_map(|account| Some((account.role, account.estimated_location.as_ref()?))).collect()
}

/// Every telephone number.
#[must_use]
pub fn phones(submission: &Submission) -> Vec<(Role, &Phone)> {
    let all = accounts(submission).into_iter();
    all.flat_map(|account| account.person.phones.iter().map(|phone| (account.role, phone))).collect()
}
