//! Which entries of a case hold criminal justice information: what an agency has from a system of FBI CJIS. Once an
//! entry is labelled it stays so. Deliberately absent: a statement that changes a label or takes it away.

use database::bind;
use domain::CaseId;
use serde_json::json;

use crate::casefile::note;
use crate::{Act, EventKind, Result, column};

const INSERT: &str = "-- cji::insert
    INSERT INTO case_cji (number, entry_id, labelled_by, labelled_at) VALUES (:number, :id, :by, :now)
    ON CONFLICT DO NOTHING";

/// Labels an entry, unless it is labelled already.
pub(crate) fn label(act: &Act<'_>, number: CaseId, id: &str) -> Result<()> {
    let row = bind! { number: number.get(), id, by: act.actor().text(), now: column::micros(act.now()) };
    if act.tx().execute(INSERT, &row)? > 0 {
        note(act, EventKind::CjiLabelled, number, json!({ "entry": id }))?;
    }
    Ok(())
}
