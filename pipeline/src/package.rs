//! A report leaves the house: one package, for one agency, under one delivery.
//!
//! Everything is settled before the first byte: the dossier is gathered, the gate asked about every file, every document
//! and the manifest written and signed, and the leaf that says who took it is in the ledger. Then the files stream, one
//! piece at a time, at the pace of whoever reads. Whoever stops reading stops the work. What a report of very many files
//! makes on this way lies on spools, so that its memory is that of a report of few.

pub mod court;
pub(crate) mod gate;
mod notary;
mod offline;
mod shelf;
mod stream;

use std::collections::BTreeSet;
use std::io::{self, BufWriter, IntoInnerError, Write};

use domain::{Actor, Delivery, Dossier, Purpose, ReportId};
use exports::{Export, Source};
use formats::csv::Withheld;
use formats::files::AnyFiles;
use formats::package::{self, Contents, EXPORT_VERSION, Envelope, LEDGER_PROOF, Plan};
use formats::preservation_letter::{self, Letter};
use policy::{Export as Taking, OpenFile, Permit, Read, Viewer};
use seal::SealTo;
use serde_json::json;
use spool::{Digested, Spool, Spooled};
use store::{BlobRef, Event, EventKind, House, Refusal, agency_key, delivery};

use crate::{Trouble, agency};

pub use offline::{Carried, record as record_carried};
use shelf::Gated;
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
    /// A document of it could not be written, or what is too much to be held not be put aside.
    #[error("a document could not be written")]
    Document(#[from] io::Error),
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
    /// A copy for a court would hold what names a child, or could not be made.
    #[error(transparent)]
    Court(#[from] exports::court::Fault),
    /// The dossier and the evidence do not speak of the same files.
    #[error("the dossier and the evidence do not speak of the same files")]
    OtherFiles,
}

impl From<store::Error> for Fault {
    fn from(error: store::Error) -> Self {
        Self::Trouble(error.into())
    }
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
    dossier: Dossier<AnyFiles>,
    delivery: Delivery,
    proof: String,
    open: Vec<(OpenFile, BlobRef)>,
    withheld: Vec<Withheld>,
    keys: Vec<SealTo>,
}

impl Gathered {
    fn source(&self) -> Source<'_> {
        Source { dossier: &self.dossier, delivery: &self.delivery, withheld: &self.withheld }
    }
}

/// Takes a report out as a package: reads it, settles it, enters both in the ledger, and hands out the stream. A person
/// takes it only who showed within five minutes who they are.
///
/// # Errors
/// "No such thing" for whoever may not have it; [`Refusal::NotFresh`] for a person without that proof; a fault when
/// anything in it is not what it was.
pub async fn take(house: &House, viewer: &Viewer, report: ReportId) -> Result<Download, Fault> {
    take_as(house, viewer, report, Seal::WhereKeysLive).await
}

/// Takes a report out as a package, sealed or not as it is asked for.
///
/// # Errors
/// As [`take`]; [`Fault::MustBeSealed`] and [`Fault::NoKey`] when it cannot be had in this way.
pub async fn take_as(
    house: &House,
    viewer: &Viewer,
    report: ReportId,
    wish: Seal,
) -> Result<Download, Fault> {
    proved(viewer)?;
    let gathered = gather(house, viewer, report).await?;
    match (wish, gathered.keys.is_empty()) {
        (Seal::Never, false) => return Err(Fault::MustBeSealed),
        (Seal::Always, true) => return Err(Fault::NoKey),
        _ => {}
    }
    let (gathered, (plan, written)) = aside(house, gathered, settle).await?;
    let mut details = json!({
        "export": "package",
        "export_version": EXPORT_VERSION,
        "files": plan.files().len(),
        "manifest_sha256": seal::hex(plan.manifest_sha256()),
        "relaxations": gathered.open.iter().filter_map(|(open, _)| open.relaxation()).collect::<BTreeSet<_>>(),
    });
    let envelope = sealed(house, &gathered, &plan)?;
    if let Some(envelope) = &envelope {
        let keys: Vec<String> = gathered.keys.iter().map(|key| seal::hex(&key.fingerprint())).collect();
        details["sealed_to"] = json!(keys);
        details["package"] = json!(envelope.package);
    }
    enter(house, viewer, &gathered, details, plan.contents_bytes()).await?;
    stream::package(house, gathered, (plan, written), envelope)
}

/// Works on what was gathered where nobody waits for this thread.
async fn aside<T: Send + 'static>(
    house: &House,
    gathered: Gathered,
    work: impl FnOnce(&House, &Gathered) -> Result<T, Fault> + Send + 'static,
) -> Result<(Gathered, T), Fault> {
    let house = house.clone();
    let done = tokio::task::spawn_blocking(move || work(&house, &gathered).map(|done| (gathered, done)));
    done.await.map_err(|_| Fault::Broken)?
}

/// Writes everything but the files: the archive as far as it can be told before the first byte leaves.
fn settle(house: &House, gathered: &Gathered) -> Result<(Plan, Spooled), Fault> {
    let source = gathered.source();
    let contents = Contents {
        dossier: &gathered.dossier,
        delivery: &gathered.delivery,
        purpose: Purpose::Investigation,
        software: SOFTWARE,
        withheld: &gathered.withheld,
    };
    let mut spool = spool(house)?;
    let plan = Plan::new(&contents, &mut spool, notary::signer(house), |texts| {
        exports::put(&source, &mut |name, write| texts.put(name, write))?;
        texts.put(LEDGER_PROOF, |out| out.write_all(gathered.proof.as_bytes()))
    })?;
    Ok((plan, spool.finish()?))
}

fn spool(house: &House) -> Result<Spool, Fault> {
    Ok(Spool::new(&**house.random()).map_err(io::Error::other)?)
}

/// Whatever a person takes out takes a check of their key that is no older than five minutes.
fn proved(viewer: &Viewer) -> Result<(), Fault> {
    let is_stale = matches!(viewer.actor, Actor::Person { .. }) && !viewer.fresh;
    if is_stale { Err(Trouble::from(Refusal::NotFresh).into()) } else { Ok(()) }
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
    report: ReportId,
    export: &'static Export,
) -> Result<Download, Fault> {
    let lone =
        Lone { export: export.name, name: export.file_name(report), content_type: export.content_type };
    let write = move |gathered: &Gathered, out: &mut dyn Write| (export.write)(&gathered.source(), out);
    alone(house, viewer, report, lone, write).await
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
    report: ReportId,
    letter: Letter,
    shape: Shape,
) -> Result<Download, Fault> {
    let now = house.now();
    let (ending, content_type) = match shape {
        Shape::Pages => ("pdf", "application/pdf"),
        Shape::Text => ("txt", "text/plain; charset=utf-8"),
    };
    let name = format!("{report}-preservation-letter.{ending}");
    let lone = Lone { export: "preservation-letter", name, content_type };
    let write = move |gathered: &Gathered, out: &mut dyn Write| {
        let dossier = &gathered.dossier;
        out.write_all(&match shape {
            Shape::Pages => preservation_letter::to_pdf(dossier, &letter, now).map_err(io::Error::other)?,
            Shape::Text => preservation_letter::to_text(dossier, &letter, now).into_bytes(),
        })
    };
    alone(house, viewer, report, lone, write).await
}

/// What leaves without a package.
struct Lone {
    export: &'static str,
    name: String,
    content_type: &'static str,
}

async fn alone(
    house: &House,
    viewer: &Viewer,
    report: ReportId,
    lone: Lone,
    write: impl FnOnce(&Gathered, &mut dyn Write) -> io::Result<()> + Send + 'static,
) -> Result<Download, Fault> {
    proved(viewer)?;
    let gathered = gather(house, viewer, report).await?;
    let written = move |house: &House, gathered: &Gathered| {
        let mut out = BufWriter::new(Digested::new(spool(house)?));
        write(gathered, &mut out)?;
        Ok(out.into_inner().map_err(IntoInnerError::into_error)?.finish()?)
    };
    let (gathered, (written, sha256)) = aside(house, gathered, written).await?;
    let details = json!({ "export": lone.export, "sha256": seal::hex(&sha256) });
    enter(house, viewer, &gathered, details, written.size_bytes()).await?;
    Ok(stream::document(gathered.delivery, lone.name, lone.content_type, written))
}

async fn gather(house: &House, viewer: &Viewer, report: ReportId) -> Result<Gathered, Fault> {
    let taking = policy::access::agency_export(viewer).map_err(Trouble::from)?;
    let reading = agency::noted(house, viewer, report).await?;
    let mut read = read(house, (&reading, &taking), report, &viewer.actor).await;
    for _ in 1..SEQUENCE_TIMES {
        if !matches!(read, Err(store::Error::Refusal(Refusal::NotSequenced))) {
            break;
        }
        // Just made available: the proof needs a place in the tree, which any process may give.
        house.book().sequence().await?;
        read = self::read(house, (&reading, &taking), report, &viewer.actor).await;
    }
    let Beside { head, delivery, proof: (proof, entry), keys, gated } = read?;
    let (proof, gated) = (package::ledger_proof(&proof, &entry)?, gated?);
    let dossier = head.keeping(|()| Box::new(gated.files) as AnyFiles);
    Ok(Gathered { dossier, delivery, proof, open: gated.open, withheld: gated.withheld, keys })
}

/// What the store says, from one snapshot.
struct Beside {
    head: Dossier<()>,
    delivery: Delivery,
    proof: (String, Vec<u8>),
    keys: Vec<SealTo>,
    gated: Result<Gated, Fault>,
}

async fn read(
    house: &House,
    (reading, taking): (&Permit<Read>, &Permit<Taking>),
    report: ReportId,
    actor: &Actor,
) -> store::Result<Beside> {
    let (own, reading, taking, actor) = (house.clone(), reading.clone(), taking.clone(), actor.clone());
    let snapshot = house.read("package", move |view| {
        let (delivery, leaf) = delivery::get(view, &taking, report)?;
        Ok(Beside {
            proof: notary::proof(&own, view, leaf)?,
            // Keys are read with everything else: one that was revoked before this moment is sealed to no more.
            keys: agency_key::live(view, &delivery.agency)?,
            head: agency::head(view, &reading, report)?,
            gated: shelf::fill(&own, view, &taking, report, &actor)?,
            delivery,
        })
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
