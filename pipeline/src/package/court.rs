//! A report leaves for a court: two copies and a note, in an archive that is signed as a package is.

use domain::ReportId;
use exports::court;
use policy::Viewer;
use store::House;

use super::{Download, Fault, Gathered, SOFTWARE, aside, enter, gather, notary, proved, spool, stream};

/// Takes out both copies, or neither. `given` are names of children that the agency knows and the report does not say.
///
/// # Errors
/// As [`super::take`]; [`Fault::Court`] when something that names a child would stand in the public copy.
pub async fn take(
    house: &House,
    viewer: &Viewer,
    report: ReportId,
    given: Vec<String>,
) -> Result<Download, Fault> {
    proved(viewer)?;
    let write = move |house: &House, gathered: &Gathered| {
        let (filing, mut out) = (court::file(&gathered.source(), &given)?, spool(house)?);
        let under = (&gathered.delivery, gathered.proof.as_str());
        let told = filing.archive(under, SOFTWARE, notary::signer(house), &mut out)?;
        Ok((out.finish()?, told))
    };
    let (gathered, (written, told)) = aside(house, gather(house, viewer, report).await?, write).await?;
    enter(house, viewer, &gathered, told, written.size_bytes()).await?;
    Ok(stream::document(gathered.delivery, court::name(report), "application/zip", written))
}
