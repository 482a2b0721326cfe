//! A report leaves the house: one package, for one agency, under one delivery.
//!
//! Everything is settled before the first byte: the dossier is gathered, the gate asked about every file, the manifest
//! written and signed, and the leaf that says who took it is in the ledger. Then the files stream, one piece at a
//! time, at the pace of whoever reads. Whoever stops reading stops the work.

pub(crate) mod gate;
mod notary;
mod offline;
mod stream;

use std::collections::BTreeSet;

use domain::{Actor, Delivery, Dossier, Purpose, ReportId};
use exports::{Export, Source};
use formats::package::{self, Contents, EXPORT_VERSION, Envelope, LEDGER_PROOF, Plan, Text};
use formats::preservation_letter::{self, Letter};
use policy::{Export as Taking, FileFacts, OpenFile, Permit, Viewer};
use seal::SealTo;
use serde_json::json;
use store::{BlobRef, Event, EventKind, House, Refusal, agency_key, delivery, evidence};

use crate::Trouble;

use gate::Gated;
pub use offline::{Carried, record as record_carried};
pub use stream::Download;

/// What the manifest calls us.
const SOFTWARE: &str = concat!("clearinghouse ", env!("CARGO_PKG_VERSION"));
/// How often a delivery that the ledger has not yet numbered is waited for, by numbering it ourselves.
const SEQUENCE_TIMES: u32 = 8;

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The viewer may not have it, or the house failed.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// It could not be made as promised.
    #[error(transparent)]
    Package(#[from] package::Fault),
    /// A document of it could not be written.
    #[error(transparent)]
    Document(#[from] exports::Fault),
    /// The record of a package that is carried by hand could not be made.
    #[error(transparent)]
    Record(#[from] formats::custody_record::Fault),
    /// It broke off before its end.
    #[error("the package broke off")]
    Broken,
    /// The agency has a key to which its packages are sealed, and one was asked for that is not.
    #[error("packages for this agency are sealed to its keys")]
    MustBeSealed,
    /// A sealed package was asked for, and the agency has no key that lives.
    #[error("the agency has no key that packages could be sealed to")]
    NoKey,
    /// The dossier and the evidence do not speak of the same files.
    #[error("the dossier and the evidence do not speak of the same files")]
    OtherFiles,
}

impl From<store::Error> for Fault {
    fn from(error: store::Error) -> Self {
        Self::Trouble(error.into())
    }
}

/// One document on its own.
pub struct Document {
    /// Its file name.
    pub name: String,
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How a package is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seal {
    /// Sealed to the agency's keys, if it has any that live.
    #[default]
    WhereKeysLive,
    /// Sealed, or not at all.
    Always,
    /// As it is; refused to an agency that has a live key.
    Never,
}

/// Everything that leaves, and what may be opened for it.
struct Gathered {
    dossier: Dossier,
    delivery: Delivery,
    proof: String,
    blobs: Vec<BlobRef>,
    gated: Gated,
    keys: Vec<SealTo>,
}

impl Gathered {
    fn source(&self) -> Source<'_> {
        Source { dossier: &self.dossier, delivery: &self.delivery, withheld: &self.gated.withheld }
    }
}

/// Takes a report out as a package: settles it, enters it in the ledger, and hands out the stream. The dossier is the
/// viewer's, from [`crate::dossier`]. A person takes it only who showed within five minutes who they are.
///
/// # Errors
/// "No such thing" for whoever may not have it; [`Refusal::NotFresh`] for a person without that proof; a fault when
/// anything in it is not what it was.
pub async fn take(house: &House, viewer: &Viewer, dossier: Dossier) -> Result<Download, Fault> {
    take_as(house, viewer, dossier, Seal::WhereKeysLive).await
}

/// Takes a report out as a package, sealed or not as it is asked for.
///
/// # Errors
/// As [`take`]; [`Fault::MustBeSealed`] and [`Fault::NoKey`] when it cannot be had in this way.
pub async fn take_as(
    house: &House,
    viewer: &Viewer,
    dossier: Dossier,
    wish: Seal,
) -> Result<Download, Fault> {
    if matches!(viewer.actor, Actor::Person { .. }) && !viewer.fresh {
        return Err(Trouble::from(Refusal::NotFresh).into());
    }
    let gathered = gather(house, viewer, dossier).await?;
    match (wish, gathered.keys.is_empty()) {
        (Seal::Never, false) => return Err(Fault::MustBeSealed),
        (Seal::Always, true) => return Err(Fault::NoKey),
        _ => {}
    }
    let source = gathered.source();
    let proof = || Ok(Text { name: LEDGER_PROOF.to_owned(), bytes: gathered.proof.clone().into_bytes() });
    let texts =
        exports::texts(&source).map(|text| text.map_err(Fault::from)).chain(std::iter::once_with(proof));
    let contents = Contents {
        dossier: &gathered.dossier,
        delivery: &gathered.delivery,
        purpose: Purpose::Investigation,
        software: SOFTWARE,
        withheld: &gathered.gated.withheld,
    };
    let plan = Plan::new(&contents, texts, notary::signer(house))?;
    let mut details = json!({
        "export": "package",
        "export_version": EXPORT_VERSION,
        "files": plan.files().count(),
        "manifest_sha256": seal::hex(plan.manifest_sha256()),
        "relaxations": gathered.gated.open.iter().filter_map(OpenFile::relaxation).collect::<BTreeSet<_>>(),
    });
    let envelope = sealed(house, &gathered, &plan)?;
    if let Some(envelope) = &envelope {
        let keys: Vec<String> = gathered.keys.iter().map(|key| seal::hex(&key.fingerprint())).collect();
        details["sealed_to"] = json!(keys);
        details["package"] = json!(envelope.package);
    }
    enter(house, viewer, &gathered, details, plan.contents_bytes()).await?;
    stream::begin(house, plan, gathered.gated.open, gathered.blobs, envelope)
}

/// The envelope, for an agency with keys.
fn sealed(house: &House, gathered: &Gathered, plan: &Plan) -> Result<Option<Envelope>, Fault> {
    if gathered.keys.is_empty() {
        return Ok(None);
    }
    let envelope = plan.seal(&gathered.delivery, &gathered.keys, &**house.random(), notary::signer(house))?;
    Ok(Some(envelope))
}

/// Takes out one document, such as a sheet, on its own.
///
/// # Errors
/// As [`take`].
pub async fn document(
    house: &House,
    viewer: &Viewer,
    dossier: Dossier,
    export: &Export,
) -> Result<Document, Fault> {
    let report = dossier.report;
    let gathered = gather(house, viewer, dossier).await?;
    let bytes = (export.write)(&gathered.source())?;
    let details = json!({ "export": export.name, "sha256": seal::hex(&seal::sha256(&bytes)) });
    enter(house, viewer, &gathered, details, bytes.len() as u64).await?;
    Ok(Document { name: export.file_name(report), content_type: export.content_type, bytes })
}

/// In which shape a letter leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Pages to sign.
    Pages,
    /// Text for a portal or a mail.
    Text,
}

/// Takes out a request to preserve records in the agency's own words. It names the accounts of the report, so that it
/// leaves as every other copy does. Nothing is sent by it.
///
/// # Errors
/// As [`take`].
pub async fn letter(
    house: &House,
    viewer: &Viewer,
    dossier: Dossier,
    letter: &Letter,
    shape: Shape,
) -> Result<Document, Fault> {
    let (report, now) = (dossier.report, house.now());
    let gathered = gather(house, viewer, dossier).await?;
    let (bytes, ending, content_type) = match shape {
        Shape::Pages => {
            let pages = preservation_letter::to_pdf(&gathered.dossier, letter, now);
            (pages.map_err(exports::Fault::from)?, "pdf", "application/pdf")
        }
        Shape::Text => {
            let text = preservation_letter::to_text(&gathered.dossier, letter, now);
            (text.into_bytes(), "txt", "text/plain; charset=utf-8")
        }
    };
    let details = json!({ "export": "preservation-letter", "sha256": seal::hex(&seal::sha256(&bytes)) });
    enter(house, viewer, &gathered, details, bytes.len() as u64).await?;
    Ok(Document { name: format!("{report}-preservation-letter.{ending}"), content_type, bytes })
}

async fn gather(house: &House, viewer: &Viewer, mut dossier: Dossier) -> Result<Gathered, Fault> {
    let permit = policy::access::agency_export(viewer).map_err(Trouble::from)?;
    let report = dossier.report;
    let mut read = read(house, &permit, report).await;
    for _ in 1..SEQUENCE_TIMES {
        if !matches!(read, Err(store::Error::Refusal(Refusal::NotSequenced))) {
            break;
        }
        // Just made available: the proof needs a place in the tree, which any process may give.
        house.book().sequence().await?;
        read = self::read(house, &permit, report).await;
    }
    let (delivery, (proof, entry), facts, blobs, keys) = read?;
    let proof = package::ledger_proof(&proof, &entry)?;
    let gated = gate::ask(&mut dossier, &facts, &viewer.actor)?;
    Ok(Gathered { dossier, delivery, proof, blobs, gated, keys })
}

/// What the store says beside the dossier, from one snapshot.
type Beside = (Delivery, (String, Vec<u8>), Vec<FileFacts>, Vec<BlobRef>, Vec<SealTo>);

async fn read(house: &House, permit: &Permit<Taking>, report: ReportId) -> store::Result<Beside> {
    let (own, permit) = (house.clone(), permit.clone());
    let snapshot = house.read("package", move |view| {
        let (delivery, leaf) = delivery::get(view, &permit, report)?;
        let (facts, blobs) =
            (evidence::facts(view, &permit, report)?, evidence::blobs(view, &permit, report)?);
        // Keys are read with everything else: one that was revoked before this moment is sealed to no more.
        let keys = agency_key::live(view, &delivery.agency)?;
        Ok((delivery, notary::proof(&own, view, leaf)?, facts, blobs, keys))
    });
    snapshot.await
}

/// The leaf comes before the first byte: what could have left is on record even if the line breaks.
async fn enter(
    house: &House,
    viewer: &Viewer,
    gathered: &Gathered,
    mut details: serde_json::Value,
    bytes: u64,
) -> Result<(), Fault> {
    let Delivery { delivery, agency, basis, .. } = &gathered.delivery;
    details["agency"] = json!(agency);
    details["basis"] = json!(basis);
    details["delivery"] = json!(delivery);
    let report = gathered.dossier.report;
    let note = house.act(viewer.actor.clone(), Purpose::Investigation, "package", move |act| {
        act.note(Event::of_report(EventKind::PackageExported, report).taking(bytes).with(details.clone()))
    });
    note.await?;
    Ok(())
}
