//! The words of a case and of its entries: every version stays, under the key of the case.

use database::bind;
use domain::CaseId;
use house::sealed::{self, Cell};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Act, Refusal, Result, View, column};

const INSERT: &str = "-- text::insert
    INSERT INTO case_text (number, entry_id, version, written_by, written_at, sealed_words)
    VALUES (:number, :entry, :version, :by, :now, :sealed_words)";

const GET: &str = "-- text::get
    SELECT sealed_words FROM case_text WHERE number = :number AND entry_id = :entry AND version = :version";

/// Writes one version of the words of an entry; `""` is the case itself.
pub(crate) fn put<T: Serialize>(
    act: &Act<'_>,
    (number, entry): (CaseId, &str),
    version: u32,
    words: &T,
) -> Result<()> {
    let row = row(entry, version);
    let sealed_words = sealed::json(act, cell(number, &row), words)?;
    let row = bind! {
        number: number.get(), entry, version, by: act.actor().text(), now: column::micros(act.now()), sealed_words,
    };
    act.tx().execute(INSERT, &row)?;
    Ok(())
}

/// One version of the words of an entry.
pub(crate) fn get<T: DeserializeOwned>(view: &View<'_>, of: (CaseId, &str), version: u32) -> Result<T> {
    Ok(get_all(view, &[(of, version)])?.pop().ok_or(Refusal::NotFound)?)
}

/// The words of several entries, asked for together.
pub(crate) fn get_all<T: DeserializeOwned>(
    view: &View<'_>,
    entries: &[((CaseId, &str), u32)],
) -> Result<Vec<T>> {
    let ask = |&((number, entry), version): &((CaseId, &str), u32)| {
        (GET, bind! { number: number.get(), entry, version })
    };
    let asked: Vec<_> = entries.iter().map(ask).collect();
    let found = view.tx().rows_all::<Vec<u8>>(&asked)?.into_iter().zip(entries);
    let opened = found.map(|(mut sealed, &((number, entry), version))| {
        let row = row(entry, version);
        sealed::open_json(view, cell(number, &row), &sealed.pop().ok_or(Refusal::NotFound)?)
    });
    opened.collect()
}

fn row(entry: &str, version: u32) -> String {
    format!("{entry}/{version}")
}

fn cell(number: CaseId, row: &str) -> Cell<'_> {
    Cell { report: number.key(), table: "case_text", row, column: "sealed_words" }
}
