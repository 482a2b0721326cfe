//! What an operator sets up: providers with their credentials, agencies with what qualifies them, tokens of their
//! systems. The commands and the demo stand on the same functions.

use console::secrets;
use domain::{Actor, AgencyClass, AgencyId, CredentialId, Id as _, PersonId, ProviderId, Purpose};
use policy::directory::Directory;
use policy::{Recipient, ViewerRole};
use store::agency::{Agency, Qualification};
use store::person::{Home, Person};
use store::provider::NewCredential;
use store::{House, Refusal, agency, founding, provider};

use crate::outcome::{Failure, Result};

/// A secret as it is handed out, once.
pub struct Issued {
    /// The public half: a user name, or an agency's id.
    pub name: String,
    /// The secret half.
    pub secret: String,
}

/// Adds a provider with its first credential, in one act.
pub async fn add_provider(house: &House, id: &ProviderId, name: &str, username: &str) -> Result<Issued> {
    let secret = secrets::fresh(&**house.random())?;
    let new = NewCredential {
        credential: secrets::fresh_id::<CredentialId>(&**house.random())?,
        provider: id.clone(),
        username: username.to_owned(),
        secret_digest: house.secret_digest(secret.as_bytes()),
        may_submit: true,
        may_update: true,
    };
    let (own, called) = (id.clone(), name.to_owned());
    let added = house.act(Actor::Operator, Purpose::Administration, "provider-add", move |act| {
        provider::add(act, &own, &called)?;
        provider::add_credential(act, &new)
    });
    added.await.map_err(|error| match error.refusal() {
        Some(Refusal::Conflict) => {
            Failure::new(format!("the provider {id} or the user name {username} is already there"))
                .hint("choose others with --id and --username")
        }
        _ => error.into(),
    })?;
    Ok(Issued { name: username.to_owned(), secret })
}

/// Records agencies: new ones are added, what is known of the others is written anew.
pub async fn put_agencies(house: &House, agencies: Vec<Agency>) -> Result<()> {
    let put = house.act(Actor::Operator, Purpose::Administration, "agency-put", move |act| {
        agencies.iter().try_for_each(|one| agency::put(act, one))
    });
    put.await.map_err(|error| match error.refusal() {
        Some(Refusal::NotAllowed) => Failure::new(
            "two people run this house: what qualifies an agency takes both of them (R-21)".to_owned(),
        )
        .hint("a supervisor or counsel asks on /admin/agencies, and the other one agrees"),
        _ => error.into(),
    })
}

/// Issues a token to an agency's own system.
pub async fn issue_token(house: &House, id: &AgencyId, bound: Option<[u8; 32]>) -> Result<Issued> {
    let secret = secrets::fresh(&**house.random())?;
    let client: CredentialId = secrets::fresh_id(&**house.random())?;
    let (own, digest) = (id.clone(), house.secret_digest(secret.as_bytes()));
    let issued = house.act(Actor::Operator, Purpose::Administration, "agency-token", move |act| {
        agency::get(act, &own)?;
        agency::add_client(act, &own, &client, digest)?;
        bound.map_or(Ok(()), |certificate| agency::bind_client(act, &client, certificate))
    });
    issued.await.map_err(|error| match error.refusal() {
        Some(Refusal::NotFound) => {
            Failure::new(format!("there is no agency {id}")).hint("`clearinghouse agency list` shows all")
        }
        _ => error.into(),
    })?;
    Ok(Issued { name: id.to_string(), secret })
}

/// Adds one of the first two people of a house, with the ticket for their first key.
pub async fn found(house: &House, role: ViewerRole, name: &str) -> Result<Ticket> {
    let secret = secrets::fresh(&**house.random())?;
    let digest = house.secret_digest(secret.as_bytes());
    let person = Person {
        id: secrets::fresh_id(&**house.random())?,
        home: Home::House,
        role,
        name: name.to_owned().into(),
    };
    let id = person.id.clone();
    let founded = house.act(Actor::Operator, Purpose::Administration, "person-found", move |act| {
        founding::found(act, &person)?;
        office::enrolment::issue_within(act, &person.id, digest, office::enrolment::LONGEST)
    });
    founded.await.map_err(|error| match error.refusal() {
        Some(Refusal::NotAllowed) => {
            Failure::new("two people run this house: the operator adds nobody any more".to_owned())
                .hint("one of them invites on /admin/people, and the other one agrees")
        }
        Some(Refusal::Unfit { .. }) => {
            Failure::new("the first two people have different roles of the clearinghouse".to_owned())
                .hint("choose another one with --role, such as supervisor or counsel")
        }
        _ => error.into(),
    })?;
    Ok(Ticket { person: id, secret })
}

/// A ticket to set up a first key with.
pub struct Ticket {
    /// Whose key it is for.
    pub person: PersonId,
    /// What the link carries.
    pub secret: String,
}

/// Where the owner of a ticket goes, on the host of the staff's pages.
pub fn enrolment_path(ticket: &Ticket) -> String {
    format!("/desk/enrol/{}", ticket.secret)
}

/// A role of the clearinghouse's own people.
pub fn founding_role(word: &str) -> std::result::Result<ViewerRole, String> {
    let found = ViewerRole::OF_PEOPLE.into_iter().find(|role| role.is_of_house() && role.as_str() == word);
    found.ok_or_else(|| "not a role of the clearinghouse: supervisor, counsel, security-admin, analyst, hashkeeper, auditor".to_owned())
}

/// The agencies of a directory that are in force, each once, with the fact that its list states.
pub fn agencies_of(
    directory: &Directory,
    now: jiff::Timestamp,
    verified: Option<&(String, String)>,
) -> Vec<Agency> {
    let mut agencies: Vec<Agency> = Vec::new();
    for recipient in directory.recipients().filter(|recipient| recipient.effective.holds(now)) {
        if agencies.iter().all(|known| known.id != recipient.id) {
            agencies.push(agency_of(recipient, verified));
        }
    }
    agencies
}

fn agency_of(recipient: &Recipient, verified: Option<&(String, String)>) -> Agency {
    let qualification = verified.map(|(verified_by, evidence)| Qualification {
        fact: fact(recipient),
        verified_by: verified_by.clone(),
        evidence: evidence.clone(),
        until: None,
    });
    Agency::listed(recipient, qualification)
}

/// What qualifies a listed recipient, in words.
fn fact(recipient: &Recipient) -> String {
    match (recipient.class, recipient.relationship) {
        (AgencyClass::Federal, _) => "federal law enforcement agency".to_owned(),
        (AgencyClass::Tribal, _) => "tribal law enforcement agency".to_owned(),
        (AgencyClass::Foreign, Some(relationship)) => format!("foreign agency, relationship: {relationship}"),
        (AgencyClass::State | AgencyClass::Local, _) if recipient.id.as_str().starts_with("icac-") => {
            format!("lead agency of the ICAC task force {}", recipient.name)
        }
        (class, _) => format!("{class} law enforcement agency"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::RuleSet;

    // PROVES: R-21
    #[test]
    fn the_shipped_lists_give_every_task_force_once_with_the_fact_that_qualifies_it() {
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        let verified = ("tester".to_owned(), "a list".to_owned());
        let all = agencies_of(RuleSet::embedded().routing().directory(), now, Some(&verified));
        let task_forces: Vec<&Agency> =
            all.iter().filter(|one| one.id.as_str().starts_with("icac-us-")).collect();
        assert_eq!(task_forces.len(), 61);
        assert!(all.iter().all(|one| one.qualification.as_ref().is_some_and(|q| !q.fact.is_empty())));
        assert!(all.iter().any(|one| one.class == AgencyClass::Federal));
        assert!(all.iter().any(|one| one.class == AgencyClass::Foreign && one.relationship.is_some()));
    }
}
