//! Whether the bytes of a report's files are still those that came: every one read again and held against its digest,
//! inside the vault, so that nobody sees a byte (R-14: only digests and length come of it).

use database::{FromRow, Row, bind};
use domain::{FileId, ReportId};

use crate::{BlobKind, BlobRef, Error, Fault, House, Refusal, Result, column};

/// Files that are looked up at a time.
const MOST: u32 = 100;

const NEXT: &str = "-- intact::next
    SELECT report_id, file_id, size_bytes, sha256, location FROM evidence
    WHERE location IS NOT NULL AND (report_id, file_id) > (:report, :file) ORDER BY report_id, file_id LIMIT :most";

/// Whether the ledger itself says that a report's keys were destroyed.
const ENDED: &str = "-- intact::ended
    SELECT COUNT(*) FROM ledger_leaf WHERE report_id = :report
    AND kind IN ('report-retracted', 'report-expired', 'report-destroyed')";

/// What came of reading every file again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    /// Files whose bytes are those that came.
    pub whole: u64,
    /// Files whose keys were destroyed by rule.
    pub destroyed: u64,
    /// The first file that is not whole, in words that name it.
    pub wrong: Option<String>,
}

struct Kept {
    report: ReportId,
    blob: BlobRef,
    sha256: [u8; 32],
}

/// Reads every file of every report again.
///
/// # Errors
/// A fault of the database, or of a vault that does not answer. What is wrong with a file is in the answer.
pub async fn files(house: &House) -> Result<Files> {
    let (mut found, mut after) = (Files::default(), (0, String::new()));
    loop {
        let from = after.clone();
        let page = house.read("intact::files", move |view| {
            let asked = bind! { report: from.0, file: from.1.as_str(), most: MOST };
            Ok(view.tx().rows::<Kept>(NEXT, &asked)?)
        });
        let page = page.await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = (last.report.get(), last.blob.file.as_str().to_owned());
        for Kept { report, blob, sha256 } in page {
            let says = match house.vault().is_intact(report, &blob, &sha256).await {
                Ok(true) => {
                    found.whole += 1;
                    continue;
                }
                Ok(false) => "its bytes are not those that came",
                Err(Error::Refusal(Refusal::Destroyed)) if ended(house, report).await? => {
                    found.destroyed += 1;
                    continue;
                }
                Err(Error::Refusal(Refusal::Destroyed)) => "its key is missing",
                Err(Error::Fault(Fault::BlobMissing)) => "its bytes are missing",
                Err(Error::Fault(Fault::Seal(_))) => "its sealed bytes were changed",
                Err(error) => return Err(error),
            };
            found.wrong = Some(format!("file {} of report {report}: {says}", blob.file));
            return Ok(found);
        }
    }
}

async fn ended(house: &House, report: ReportId) -> Result<bool> {
    let ended = house.read("intact::ended", move |view| {
        Ok(view.tx().get::<u64>(ENDED, &bind! { report: report.get() })? > 0)
    });
    ended.await
}

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let file: FileId = column::parsed(row, "file_id")?;
        let blob = BlobRef {
            kind: BlobKind::Evidence,
            file,
            location: row.get("location")?,
            size_bytes: row.get("size_bytes")?,
        };
        Ok(Self { report: column::report(row, "report_id")?, blob, sha256: row.get("sha256")? })
    }
}
