//! The receipt of an own report: the same one whenever it is asked for, from the moment of its finish.

use domain::ReportId;
use formats::receipt::{Receipt, ReceiptDocument, ReceiptFile, SignedReceipt};
use store::{House, Refusal, View, own, receipt};

use super::{OwnState, ProviderViewer};
use office::Trouble;

/// How often a finish that the ledger has not yet numbered is waited for, by numbering it ourselves.
const SEQUENCE_TIMES: u32 = 8;

/// Why there is no receipt.
#[derive(Debug, thiserror::Error)]
pub enum NoReceipt {
    /// The viewer may not have it, or the house failed.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The report was never finished, or is not yet.
    #[error("the report is not finished")]
    NotFinished,
    /// The report was destroyed by rule, and with it what proves its receipt.
    #[error("the report was destroyed")]
    Destroyed,
    /// The ledger is being written by another process; the same question succeeds a moment later.
    #[error("the ledger has not numbered this report yet")]
    NotYet,
    /// It could not be made as promised.
    #[error(transparent)]
    Broken(#[from] formats::receipt::Fault),
}

impl From<store::Error> for NoReceipt {
    fn from(error: store::Error) -> Self {
        match error.refusal() {
            Some(Refusal::NotSequenced) => Self::NotYet,
            Some(Refusal::Destroyed) => Self::Destroyed,
            _ => Self::Trouble(error.into()),
        }
    }
}

/// The receipt of a finished report. Just after the finish its place in the ledger may still be open; then it is given
/// one here.
///
/// # Errors
/// [`NoReceipt`]; another provider's report does not exist.
pub async fn receipt(
    house: &House,
    viewer: &ProviderViewer,
    number: ReportId,
) -> Result<SignedReceipt, NoReceipt> {
    let mut made = made(house, viewer, number).await;
    for _ in 1..SEQUENCE_TIMES {
        if !matches!(made, Err(NoReceipt::NotYet)) {
            break;
        }
        house.book().sequence().await?;
        made = self::made(house, viewer, number).await;
    }
    Ok(made?.sign(house.receipts())?)
}

async fn made(house: &House, viewer: &ProviderViewer, number: ReportId) -> Result<Receipt, NoReceipt> {
    let (own, permit) = (house.clone(), viewer.reads().clone());
    let found = house.read("provider::receipt", move |view| {
        let state = OwnState::of(&own::get(view, &permit, number)?, view.now());
        if !state.is_finished() {
            return Ok(None);
        }
        let facts = receipt::facts(view, &permit, number)?;
        let proof = proof(&own, view, &facts)?;
        Ok(Some((facts, proof)))
    });
    let (facts, (proof, entry)) = found.await?.ok_or(NoReceipt::NotFinished)?;
    let proof =
        formats::package::ledger_proof(&proof, &entry).map_err(|_| formats::receipt::Fault::Ledger)?;
    written(facts, proof).ok_or(NoReceipt::NotFinished)
}

/// The proof of the finish and the leaf's own bytes.
fn proof(house: &House, view: &View<'_>, facts: &receipt::Facts) -> store::Result<(String, Vec<u8>)> {
    let book = house.book();
    Ok((book.prove(view, facts.leaf)?, book.entry(view, facts.leaf)?))
}

/// `None` for a report without the moments of a finished one.
pub(crate) fn written(facts: receipt::Facts, proof: String) -> Option<Receipt> {
    let receipt::Facts { summary, documents, files, salted_event, .. } = facts;
    let document = |one: own::Listed| ReceiptDocument {
        position: one.position,
        file: one.file,
        size_bytes: one.size_bytes,
        sha256: one.sha256,
    };
    let file = |one: store::evidence::FileDigest| ReceiptFile {
        position: one.position,
        file: one.file,
        size_bytes: one.size_bytes,
        sha256: one.sha256,
    };
    Some(Receipt {
        report: summary.report,
        provider: summary.provider,
        provider_name: summary.provider_name,
        completed_at: summary.finished_at?,
        preserve_until: summary.preserve_until?,
        submission_sha256: summary.submission_sha256?,
        documents: documents.into_iter().map(document).collect(),
        files: files.into_iter().map(file).collect(),
        salted_event,
        proof,
    })
}

/// The keys with which anybody checks what this house signs, one line each: checkpoints, packages, receipts.
#[must_use]
pub fn verifier_keys(house: &House) -> String {
    let lines = [house.book().vkey(), house.packager().key().to_string(), house.receipts().key().to_string()];
    lines.map(|line| line + "\n").concat()
}
