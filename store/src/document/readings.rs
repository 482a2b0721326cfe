//! What an ordinary report said, taken along by the act that finishes it and opened after the act is over: the answer
//! to a finish can speak of the report, and neither a second look at the rows nor the one writer waits for it.

use database::{Args, FromRow, Row, bind};
use domain::{FileStatement, ProviderId, ReportId, Submission};
use policy::{Permit, Scope};
use seal::{DataKey, Place};
use serde::de::DeserializeOwned;

use super::{FIRST, TABLE};
use crate::{Act, Content, Fault, Refusal, Result};

const FINISHING: &str = "-- document::finishing
    SELECT position, sha256, superseded_at, CASE WHEN superseded_at IS NULL AND size_bytes <= :most
        AND (SELECT files FROM report WHERE id = :report) <= :most_files THEN sealed_reading END AS sealed_reading
    FROM document WHERE report_id = :report ORDER BY position";

/// The largest document that is taken along.
const MOST_BYTES: u32 = 64 << 10;

/// Files of a report that is taken along.
const MOST_FILES: u32 = 16;

/// Position and digest of every document, in order.
pub(crate) type Digests = Vec<(u32, [u8; 32])>;

/// How the documents of a report were read, still sealed.
#[derive(Clone)]
pub struct Readings {
    provider: ProviderId,
    report: ReportId,
    key: DataKey,
    sealed: Vec<(u32, Vec<u8>)>,
}

impl Readings {
    /// What the report says, and what it says of its files.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for a permit that is not its sender's or the house's; a fault when a value was changed.
    pub fn open<K: Content>(&self, permit: &Permit<K>) -> Result<(Submission, Vec<FileStatement>)> {
        match permit.scope() {
            Scope::House => {}
            Scope::Provider(provider) if *provider == self.provider => {}
            Scope::Provider(_) | Scope::Agency(_) => return Err(Refusal::NotFound.into()),
        }
        let (first, rest) = self.sealed.split_first().ok_or(Fault::Row { what: TABLE })?;
        let statements = rest.iter().map(|row| self.opened(row)).collect::<Result<_>>()?;
        Ok((self.opened(first)?, statements))
    }

    fn opened<T: DeserializeOwned>(&self, (position, sealed): &(u32, Vec<u8>)) -> Result<T> {
        let row = format!("{}/{position}", self.report);
        let place = Place { table: TABLE, row: row.as_bytes(), column: "sealed_reading" };
        let plain = seal::field::open(&self.key, &place, sealed)?;
        Ok(serde_json::from_slice(&plain).map_err(|_| Fault::Row { what: TABLE })?)
    }
}

fn whole(report: ReportId) -> Args {
    bind! { report: report.get(), most: MOST_BYTES, most_files: MOST_FILES }
}

/// Says that [`finishing`] will be asked.
pub(crate) fn foresee_finishing(act: &Act<'_>, report: ReportId) -> Result<()> {
    Ok(act.tx().ahead(&[(FINISHING, whole(report))])?)
}

/// The digest of every document, and how they were read; `None` when one of them is
/// large, or they are many.
pub(crate) fn finishing(
    act: &Act<'_>,
    provider: &ProviderId,
    report: ReportId,
) -> Result<(Digests, Option<Readings>)> {
    let rows: Vec<Finishing> = act.tx().rows(FINISHING, &whole(report))?;
    let digests = rows.iter().map(|row| (row.position, row.sha256)).collect();
    let standing = rows.into_iter().filter(|row| !row.is_superseded);
    let sealed: Option<Vec<_>> = standing.map(|row| Some((row.position, row.sealed?))).collect();
    let Some(sealed) = sealed.filter(|rows| rows.first().is_some_and(|(first, _)| *first == FIRST)) else {
        return Ok((digests, None));
    };
    let readings = Readings { provider: provider.clone(), report, key: act.report_key(report)?, sealed };
    Ok((digests, Some(readings)))
}

struct Finishing {
    position: u32,
    sha256: [u8; 32],
    is_superseded: bool,
    sealed: Option<Vec<u8>>,
}

impl FromRow for Finishing {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            position: row.get("position")?,
            sha256: row.get("sha256")?,
            is_superseded: crate::column::moment_option(row, "superseded_at")?.is_some(),
            sealed: row.get("sealed_reading")?,
        })
    }
}
