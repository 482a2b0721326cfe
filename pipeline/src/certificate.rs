//! The certificate of a report's records for a court. It is made for one agency, from what that agency was given;
//! of what concerns other agencies it shows the leaf and nothing of its content.

use domain::{AgencyId, Delivery, Id as _, Purpose, ReportId};
pub use formats::certificate::{Build, SignedCertificate, Signer};
use formats::certificate::{Certificate, Event as Entry};
use office::Trouble;
use policy::access::{self, Action, Space};
use policy::{Permit, Read, Viewer};
use serde_json::{Value, json};
use store::{Event, EventKind, House, LeafId, View, custody, delivery, receipt};

use crate::provider::written;

/// Runs of the sequencer that are waited for, so that what was done before this moment has its place.
const SEQUENCE_TIMES: u32 = 64;
/// Bytes of salt in front of an event.
const SALT_BYTES: usize = 32;
/// The longest name or role of whoever signs.
pub const MOST_WORDS_BYTES: usize = 200;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum NoCertificate {
    /// The viewer may not have it, or the house failed.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// It is not said who signs, or at too great a length.
    #[error("a name and a role of at most {MOST_WORDS_BYTES} bytes each are needed")]
    Signer,
    /// It could not be made as promised.
    #[error(transparent)]
    Broken(#[from] formats::receipt::Fault),
}

impl From<store::Error> for NoCertificate {
    fn from(error: store::Error) -> Self {
        Self::Trouble(error.into())
    }
}

/// In which form a certificate leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Signed JSON, for programs.
    Json,
    /// Pages to sign, with the JSON within.
    Pages,
}

impl Form {
    /// The bytes of a certificate in this form, the same each time.
    ///
    /// # Errors
    /// A fault of writing pages.
    pub fn of(self, signed: &SignedCertificate) -> Result<Vec<u8>, NoCertificate> {
        match self {
            Self::Json => Ok(signed.to_json()),
            Self::Pages => Ok(signed.to_pdf()?),
        }
    }
}

/// Whether the viewer may have certificates: its page says so only to those who may.
#[must_use]
pub fn may_have(viewer: &Viewer) -> bool {
    may(viewer).is_ok()
}

/// Makes the certificate. That it was made is in the ledger before it is answered, with its bytes in the form in which it
/// leaves.
///
/// # Errors
/// [`NoCertificate`]; a report that was not made available to the viewer's agency does not exist.
pub async fn certify(
    house: &House,
    viewer: &Viewer,
    number: ReportId,
    (signer, form): (Signer, Form),
    build: &Build,
) -> Result<SignedCertificate, NoCertificate> {
    let agency = may(viewer)?;
    let is_said = |words: &String| (1..=MOST_WORDS_BYTES).contains(&words.trim().len());
    if !is_said(&signer.name) || !is_said(&signer.role) {
        return Err(NoCertificate::Signer);
    }
    let permit = access::agency_read(viewer).map_err(Trouble::from)?;
    for _ in 0..SEQUENCE_TIMES {
        let run = house.book().sequence().await?;
        if run.from == run.to {
            break;
        }
    }
    let own = house.clone();
    let found = house.read("certificate", move |view| gather(&own, view, &permit, number)).await?;
    let (facts, proof, delivery, custody) = found;
    let receipt = written(facts, proof).ok_or(Trouble::from(store::Refusal::NotFound))?;
    let custody = custody.into_iter().map(|told| shown(told, &agency)).collect();
    let certificate =
        Certificate { receipt, delivery, issued_at: house.now(), build: build.clone(), signer, custody };
    let signed = certificate.sign(house.packager())?;
    let bytes = form.of(&signed)?.len() as u64;
    enter(house, viewer, &signed, bytes).await?;
    Ok(signed)
}

type Found = (receipt::Facts, String, Delivery, Vec<(custody::Told, String)>);

/// Everything, from one snapshot.
fn gather(house: &House, view: &View<'_>, permit: &Permit<Read>, number: ReportId) -> store::Result<Found> {
    let (delivery, _) = delivery::get(view, permit, number)?;
    let facts = receipt::facts(view, permit, number)?;
    let finish = proof(house, view, facts.leaf)?;
    let told = custody::of_report(view, permit, number)?;
    let proved = |told: custody::Told| Ok((proof(house, view, told.leaf)?, told));
    let told = told.into_iter().map(proved).collect::<store::Result<Vec<_>>>()?;
    Ok((facts, finish, delivery, told.into_iter().map(|(proof, told)| (told, proof)).collect()))
}

fn proof(house: &House, view: &View<'_>, leaf: LeafId) -> store::Result<String> {
    let book = house.book();
    let proof = formats::package::ledger_proof(&book.prove(view, leaf)?, &book.entry(view, leaf)?);
    Ok(proof.map_err(|_| store::Fault::Row { what: "proof" })?)
}

/// What is shown of an event: all of it, unless another agency's person or system acted.
fn shown((told, proof): (custody::Told, String), own: &AgencyId) -> Entry {
    let custody::Told { kind, at, salted_event, .. } = told;
    let is_open = who(&salted_event).is_some_and(|(actor, agency)| {
        is_shown(&actor, own) && agency.is_none_or(|agency| agency == own.as_str())
    });
    Entry { code: kind.code(), kind: kind.as_str(), at, salted: is_open.then_some(salted_event), proof }
}

/// Who acted, and for which agency if for one.
fn who(salted: &[u8]) -> Option<(String, Option<String>)> {
    let event: Value = serde_json::from_slice(salted.get(SALT_BYTES..)?).ok()?;
    let word = |name: &str| Some(event.get(name)?.as_str()?.to_owned());
    Some((word("actor")?, word("agency")))
}

/// By the actor's text: the house, its operator and its own people, the sender, and the own agency.
fn is_shown(actor: &str, own: &AgencyId) -> bool {
    let parts: Vec<&str> = actor.split(':').collect();
    match parts.as_slice() {
        ["person", _, agency] => agency.is_empty() || *agency == own.as_str(),
        ["agency", agency, _] => *agency == own.as_str(),
        _ => true,
    }
}

/// Neither the signer's name nor role is in the ledger: they are a person's words.
async fn enter(
    house: &House,
    viewer: &Viewer,
    signed: &SignedCertificate,
    bytes: u64,
) -> Result<(), Trouble> {
    let sha256 = seal::hex(&seal::sha256(&signed.to_json()));
    let details = json!({ "agency": viewer.agency, "sha256": sha256 });
    let report = signed.report();
    let noted = house.act(viewer.actor.clone(), Purpose::Disclosure, "certificate", move |act| {
        act.note(Event::of_report(EventKind::ReportCertified, report).taking(bytes).with(details.clone()))
    });
    noted.await?;
    Ok(())
}

fn may(viewer: &Viewer) -> Result<AgencyId, Trouble> {
    let agency = viewer.agency.clone().ok_or(store::Refusal::NotFound)?;
    access::right(viewer, Action::Certify, &Space::Agency(&agency))?;
    Ok(agency)
}

#[cfg(test)]
mod tests {
    use domain::{Actor, CredentialId, PersonId};

    use super::*;

    #[test]
    fn only_what_another_agency_did_is_kept_back() {
        let own = AgencyId::parse("icac-us-mn").unwrap();
        let other = AgencyId::parse("icac-us-ca").unwrap();
        let person = PersonId::parse("p-1").unwrap();
        let credential = CredentialId::parse("c-1").unwrap();
        let of = |agency: &AgencyId| Actor::Person { person: person.clone(), agency: Some(agency.clone()) };
        let system = |agency: &AgencyId| Actor::AgencyClient {
            agency: agency.clone(),
            credential: credential.clone(),
        };
        for actor in [of(&own), system(&own), Actor::House, Actor::Operator] {
            assert!(is_shown(&actor.text(), &own), "{actor:?}");
        }
        assert!(is_shown(&Actor::Person { person: person.clone(), agency: None }.text(), &own));
        for actor in [of(&other), system(&other)] {
            assert!(!is_shown(&actor.text(), &own), "{actor:?}");
        }
    }
}
