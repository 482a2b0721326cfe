//! What an agency's people and systems may do: sign in, list, read, follow the feed. Reading is an act: the leaf that
//! says who read is in the ledger before the content is answered.

use std::collections::HashMap;

use domain::{CredentialId, Dossier, DossierFile, Finding, PersonId, Purpose, ReportId};
use jiff::Timestamp;
use policy::access::Why;
use policy::{Denial, FileFacts, Permit, Read, Viewer, access, gate};
use serde_json::json;
use store::delivery::{self, FeedEntry};
use store::evidence::Stretch;
use store::{Act, BlobRef, Content, Event, EventKind, House, Refusal, View};
use store::{
    agency, destruction, evidence, finding, quality, report, route, selector, sender_profile, session, triage,
};

use crate::enrichers;
use crate::journey::Tools;
use crate::package::gate::shut_exif;
use office::{Somebody, Trouble, sign_in, visit};

/// Somebody with a live session.
#[derive(Debug, Clone)]
pub struct Session {
    /// What they are, as far as access depends on it.
    pub viewer: Viewer,
    /// The person.
    pub person: PersonId,
    /// Their name, for their own page.
    pub person_name: String,
    /// Their agency's name.
    pub agency_name: String,
    /// The session that they are in.
    pub live: session::Session,
}

/// Starts a session of an agency's person with a one-click link and answers its secret. Such links exist in the
/// synthetic demo only.
///
/// # Errors
/// "No such thing" for an unknown or expired link and outside the demo.
pub async fn sign_in_with_link(house: &House, link: &str) -> Result<String, Trouble> {
    sign_in::with_link(house, link, |home| home.agency().is_some()).await
}

/// The live session behind a secret.
///
/// # Errors
/// "No such thing" when it is unknown, idle for too long, too old, or its person or agency is switched off;
/// [`Refusal::Locked`] while it waits for its person to verify themself again.
pub async fn session(house: &House, secret: &str) -> Result<Session, Trouble> {
    let (digest, now) = (house.secret_digest(secret.as_bytes()), house.now());
    let found = house.read("session", move |view| {
        let Somebody { person, session } = visit::find(view, digest, now)?;
        let of = person.home.agency().ok_or(Refusal::NotFound)?;
        let agency = agency::get(view, of)?;
        Ok((person, agency, session))
    });
    let (person, agency, live) = found.await?;
    visit::mark(house, digest, &live).await?;
    let banner = live.banner_acknowledged_at.is_some();
    Ok(Session {
        viewer: Viewer::person(person.id.clone(), agency.id, person.role, banner)
            .proved_anew(live.fresh(now).is_ok()),
        person: person.id,
        person_name: person.name.into_inner(),
        agency_name: agency.name,
        live,
    })
}

/// What the person of a live session is, without a mark in it: whoever only watches is not at work.
///
/// # Errors
/// As [`session()`].
pub async fn watching(house: &House, secret: &str) -> Result<Viewer, Trouble> {
    let (digest, now) = (house.secret_digest(secret.as_bytes()), house.now());
    let found = house.read("watching", move |view| {
        let Somebody { person, session } = visit::find(view, digest, now)?;
        let of = person.home.agency().ok_or(Refusal::NotFound)?.clone();
        agency::get(view, &of)?;
        Ok(Viewer::person(person.id, of, person.role, session.banner_acknowledged_at.is_some()))
    });
    Ok(found.await?)
}

/// The agency's own system behind a token, on a connection that showed the certificate with this digest, or none.
///
/// # Errors
/// "No such thing" for an unknown token, and for one that is bound to another certificate.
pub async fn viewer_of_token(house: &House, token: &str, shown: Option<[u8; 32]>) -> Result<Viewer, Trouble> {
    let digest = house.secret_digest(token.as_bytes());
    let found = house.read("viewer_of_token", move |view| {
        let (agency, credential) = agency::find_client(view, digest)?.ok_or(Refusal::NotFound)?;
        bound(view, &credential, shown)?;
        Ok(Viewer::system(agency, credential))
    });
    Ok(found.await?)
}

/// The same behind the name of its secret, which the caller has made sure of.
///
/// # Errors
/// As [`viewer_of_token`]; also for a secret that was switched off.
pub async fn viewer_of_client(
    house: &House,
    credential: CredentialId,
    shown: Option<[u8; 32]>,
) -> Result<Viewer, Trouble> {
    let found = house.read("viewer_of_client", move |view| {
        let agency = agency::client(view, &credential)?.ok_or(Refusal::NotFound)?;
        bound(view, &credential, shown)?;
        Ok(Viewer::system(agency, credential.clone()))
    });
    Ok(found.await?)
}

fn bound(view: &View<'_>, credential: &CredentialId, shown: Option<[u8; 32]>) -> store::Result<()> {
    match agency::certificate(view, credential)? {
        Some(bound) if shown != Some(bound) => Err(Refusal::NotFound.into()),
        _ => Ok(()),
    }
}

/// What whoever asks for something that is not theirs is told.
#[must_use]
pub fn no_such_thing() -> Trouble {
    Refusal::NotFound.into()
}

/// What was made available to the viewer's agency after a cursor, in the ledger's order, without gaps.
///
/// # Errors
/// A denial, or a fault.
pub async fn feed(house: &House, viewer: &Viewer, after: u64, most: u32) -> Result<Vec<FeedEntry>, Trouble> {
    let permit = access::agency_list(viewer)?;
    Ok(house.read("feed", move |view| delivery::feed(view, &permit, after, most)).await?)
}

/// Everything that the viewer's agency may have of one report. The reading is in the ledger first.
///
/// # Errors
/// "No such thing" for what was not made available to the agency; a denial; a fault.
pub async fn dossier(house: &House, viewer: &Viewer, number: ReportId) -> Result<Dossier, Trouble> {
    let permit = noted(house, viewer, number).await?;
    whole(house, permit, number).await
}

/// Files of a report that a system reads as one document; one with more is taken as a package, which is never held whole.
pub const MOST_FILES_AT_ONCE: u32 = 10_000;

/// The same for a system, as it is written down for it. The leaf says how many bytes leave, and is there before any does.
/// What cannot be written is answered as it failed, and leaves nothing.
///
/// # Errors
/// As [`dossier`]; [`Refusal::Unfit`] for a report of more than [`MOST_FILES_AT_ONCE`] files.
pub async fn dossier_as<E>(
    house: &House,
    viewer: &Viewer,
    number: ReportId,
    write: impl FnOnce(&Dossier) -> Result<Vec<u8>, E>,
) -> Result<Result<Vec<u8>, E>, Trouble> {
    let permit = access::agency_read(viewer)?;
    let seeing = permit.clone();
    let reached = house.read("dossier::reached", move |view| {
        delivery::get(view, &seeing, number)?;
        Ok(report::get(view, &seeing, number)?.files)
    });
    if reached.await? > MOST_FILES_AT_ONCE {
        return Err(Refusal::Unfit { what: "number of files" }.into());
    }
    let bytes = match write(&whole(house, permit.clone(), number).await?) {
        Ok(bytes) => bytes,
        Err(fault) => return Ok(Err(fault)),
    };
    let leaving = Some(bytes.len() as u64);
    let noted = house.act(viewer.actor.clone(), Purpose::Investigation, "dossier::note", move |act| {
        note(act, &permit, number, leaving)
    });
    noted.await?;
    Ok(Ok(bytes))
}

/// Notes that the viewer reads a report, and lets them.
pub(crate) async fn noted(house: &House, viewer: &Viewer, number: ReportId) -> Result<Permit<Read>, Trouble> {
    let permit = access::agency_read(viewer)?;
    let noted = house.act(viewer.actor.clone(), Purpose::Investigation, "dossier::note", {
        let permit = permit.clone();
        move |act| note(act, &permit, number, None)
    });
    noted.await?;
    Ok(permit)
}

/// The same for somebody who opens its page: also up to which moment they know it already, `None` the first time.
///
/// # Errors
/// As [`dossier`].
pub async fn opened(
    house: &House,
    viewer: &Viewer,
    number: ReportId,
) -> Result<(Dossier, Option<Timestamp>), Trouble> {
    let permit = access::agency_read(viewer)?;
    let noted = house.act(viewer.actor.clone(), Purpose::Investigation, "dossier::opened", {
        let permit = permit.clone();
        move |act| {
            note(act, &permit, number, None)?;
            casework::reading::open(act, &permit, number)
        }
    });
    let known = noted.await?;
    Ok((whole(house, permit, number).await?, known))
}

/// Who read is in the ledger before the content is answered; of what leaves as a whole, also how many bytes that are.
fn note(act: &Act<'_>, permit: &Permit<Read>, number: ReportId, bytes_out: Option<u64>) -> store::Result<()> {
    let (_, leaf) = delivery::get(act, permit, number)?;
    let details = json!({ "delivery": leaf.to_string(), "rule": permit.rule() });
    let read = Event::of_report(EventKind::ReportRead, number).with(details);
    act.note(Event { bytes_out, ..read })?;
    Ok(())
}

/// What the tables of today say about the addresses of a report; what they said when it came is in the dossier.
#[must_use]
pub fn findings_today(tools: &Tools, dossier: &Dossier) -> Vec<Finding> {
    let statements = dossier.files.iter().filter_map(|file| file.statement.as_ref());
    enrichers::look_up(&enrichers::Subjects::of(&dossier.submission, statements), &tools.atlas)
}

async fn whole(house: &House, permit: Permit<Read>, number: ReportId) -> Result<Dossier, Trouble> {
    let read = house.read("dossier", move |view| {
        let head = head(view, &permit, number)?;
        let files = files(view, &permit, number, Stretch::WHOLE)?;
        Ok(head.keeping(|()| files.into_iter().map(|one| one.file).collect()))
    });
    Ok(read.await?)
}

/// A dossier from one snapshot, without its files.
pub(crate) fn head(view: &View<'_>, permit: &Permit<Read>, number: ReportId) -> store::Result<Dossier<()>> {
    let summary = report::get(view, permit, number)?;
    let triaged = triage::of_report(view, permit, number)?.ok_or(Refusal::NotFound)?;
    let routed = route::of_report(view, permit, number)?;
    let deliveries = delivery::of_report(view, permit, number)?;
    let rule_set = routed.map_or_else(|| triaged.0.rule_set.clone(), |(record, _)| record.rule_set);
    let unfinished = || Refusal::NotFound;
    Ok(Dossier {
        report: number,
        provider: summary.provider,
        provider_name: summary.provider_name,
        received_at: summary.finished_at.ok_or_else(unfinished)?,
        preserve_until: summary.preserve_until.ok_or_else(unfinished)?,
        submission_sha256: seal::hex(&summary.submission_sha256.ok_or_else(unfinished)?),
        submission: report::submission(view, permit, number)?,
        sender_profile: sender_profile::of_report(view, permit, number)?,
        files: (),
        findings: finding::of_report(view, permit, number)?,
        selectors: selector::of_report(view, permit, number)?,
        priority: triaged.0.verdict.priority,
        reasons: triaged.0.verdict.reasons,
        quality: quality::of_report(view, permit, number)?,
        related: selector::related(view, permit, number)?,
        deliveries,
        court_orders: dissemination::transfer::ordered(view, permit, number)?,
        rule_set,
    })
}

/// Why the viewer may read what was made available to the agency, and take it away; or why not.
#[derive(Debug, Clone, Copy)]
pub struct Allowed {
    /// The policy that lets them read.
    pub read: Result<&'static Why, Denial>,
    /// The policy that lets them take a copy.
    pub take: Result<&'static Why, Denial>,
}

/// The policies that decide for this viewer, for pages and answers to show.
#[must_use]
pub fn allowed(viewer: &Viewer) -> Allowed {
    Allowed {
        read: access::agency_read(viewer).map(|permit| permit.why()),
        take: access::agency_export(viewer).map(|permit| permit.why()),
    }
}

/// A file of a dossier, with what the gate is asked about it and where its bytes lie.
pub(crate) struct Held {
    pub file: DossierFile,
    pub facts: FileFacts,
    pub blob: Option<BlobRef>,
}

/// Some of a report's files.
pub(crate) fn files<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    number: ReportId,
    stretch: Stretch,
) -> store::Result<Vec<Held>> {
    let facts = evidence::facts_of(view, permit, number, stretch)?;
    let mut facts: HashMap<_, FileFacts> = facts.into_iter().map(|one| (one.file.clone(), one)).collect();
    let seen: HashMap<_, u32> =
        evidence::seen_before_of(view, permit, number, stretch)?.into_iter().collect();
    let mut gone = destruction::of_files(view, number)?;
    let files = evidence::files_of(view, permit, number, stretch)?;
    let held = files.into_iter().map(|file| {
        // INVARIANT: both are rows of one table, from one snapshot.
        let facts = facts.remove(&file.id).ok_or(store::Fault::Row { what: "file of a report" })?;
        let mut drawn = DossierFile {
            ground: if facts.retained { gate::ground(&facts) } else { None },
            seen_before: seen.get(&file.id).copied().unwrap_or(0),
            position: file.position,
            received_at: file.received_at,
            size_bytes: file.size_bytes,
            md5: seal::hex(&file.md5),
            sha1: seal::hex(&file.sha1),
            sha256: seal::hex(&file.sha256),
            uploaded_name: file.uploaded_name,
            media_type: file.media_type,
            statement: file.statement,
            retained: file.blob.is_some(),
            destroyed: gone.remove(&file.id),
            file: file.id,
            exif_withheld: false,
        };
        shut_exif(&mut drawn);
        Ok(Held { file: drawn, facts, blob: file.blob })
    });
    held.collect()
}
