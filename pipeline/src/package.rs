//! A report leaves the house: one package, for one agency, under one delivery.
//!
//! Everything is settled before the first byte: the dossier is gathered, the gate asked about every file, the manifest
//! written and signed, and the leaf that says who took it is in the ledger. Then the files stream, one piece at a
//! time, at the pace of whoever reads. Whoever stops reading stops the work.

mod gate;
mod notary;
mod stream;

use domain::{Delivery, Dossier, Purpose, ReportId};
use formats::package::{self, Contents, EXPORT_VERSION, LEDGER_PROOF, Plan, Text};
use policy::{FileFacts, Viewer};
use serde_json::json;
use store::evidence::File;
use store::{Event, EventKind, House, Refusal, delivery, evidence};

use crate::exports::{self, Source};

pub use stream::Download;

/// What the manifest calls us.
const SOFTWARE: &str = concat!("clearinghouse ", env!("CARGO_PKG_VERSION"));
/// How often a delivery that the ledger has not yet numbered is waited for, by numbering it ourselves.
const SEQUENCE_TIMES: u32 = 8;

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The viewer may not take reports away.
    #[error(transparent)]
    Denied(#[from] policy::access::Denial),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// It could not be made as promised.
    #[error(transparent)]
    Package(#[from] package::Fault),
    /// It broke off before its end.
    #[error("the package broke off")]
    Broken,
    /// The dossier and the evidence do not speak of the same files.
    #[error("the dossier and the evidence do not speak of the same files")]
    OtherFiles,
}

/// What the store says beside the dossier, from one snapshot.
struct Taken {
    delivery: Delivery,
    proof: String,
    facts: Vec<FileFacts>,
    files: Vec<File>,
}

/// Takes a report out as a package: settles it, enters it in the ledger, and hands out the stream.
///
/// # Errors
/// [`Fault::Denied`] and "no such thing" for whoever may not have it; a fault when anything in it is not what it was.
pub async fn take(house: &House, viewer: &Viewer, mut dossier: Dossier) -> Result<Download, Fault> {
    let report = dossier.report;
    let taken = taken(house, viewer, report).await?;
    let gated = gate::ask(&mut dossier, &taken.facts, &viewer.actor)?;
    let source = Source { dossier: &dossier, delivery: &taken.delivery, withheld: &gated.withheld };
    let mut texts = exports::texts(&source);
    texts.push(Text { name: LEDGER_PROOF.to_owned(), bytes: taken.proof.into_bytes() });
    let contents = Contents {
        dossier: &dossier,
        delivery: &taken.delivery,
        purpose: Purpose::Investigation,
        software: SOFTWARE,
        texts,
        withheld: &gated.withheld,
    };
    let plan = Plan::new(contents, notary::signer(house)?)?;
    enter(house, viewer, report, &taken.delivery, &plan).await?;
    stream::begin(house, plan, gated.open, &taken.files)
}

async fn taken(house: &House, viewer: &Viewer, report: ReportId) -> Result<Taken, Fault> {
    for _ in 1..SEQUENCE_TIMES {
        match read(house, viewer, report).await {
            // Just made available: the proof needs a place in the tree, which any process may give.
            Err(Fault::Store(store::Error::Refusal(Refusal::NotSequenced))) => {
                house.book().sequence().await?;
            }
            other => return other,
        }
    }
    read(house, viewer, report).await
}

async fn read(house: &House, viewer: &Viewer, report: ReportId) -> Result<Taken, Fault> {
    let permit = policy::access::agency_export(viewer)?;
    let own = house.clone();
    let snapshot = house.read("package", move |view| {
        let (delivery, leaf) = delivery::get(view, &permit, report)?;
        let (facts, files) =
            (evidence::facts(view, &permit, report)?, evidence::files(view, &permit, report)?);
        Ok((delivery, notary::proof(&own, view, leaf)?, facts, files))
    });
    let (delivery, proof, facts, files) = snapshot.await?;
    Ok(Taken { delivery, proof, facts, files })
}

/// The leaf comes before the first byte: what could have left is on record even if the line breaks.
async fn enter(
    house: &House,
    viewer: &Viewer,
    report: ReportId,
    delivery: &Delivery,
    plan: &Plan,
) -> Result<(), Fault> {
    let details = json!({
        "agency": delivery.agency,
        "delivery": delivery.delivery,
        "basis": delivery.basis.as_str(),
        "export_version": EXPORT_VERSION,
        "files": plan.files().count(),
        "manifest_sha256": seal::hex(plan.manifest_sha256()),
    });
    let note = house.act(viewer.actor.clone(), Purpose::Investigation, "package", move |act| {
        act.note(Event::of_report(EventKind::PackageExported, report).with(details.clone()))
    });
    note.await?;
    Ok(())
}
