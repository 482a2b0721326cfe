//! The words of a case and of its entries: every version stays, under the key of the case.

use std::collections::BTreeSet;

use database::bind;
use domain::{AgencyId, CaseId, Id as _};
use house::sealed::{self, Cell};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Act, Refusal, Result, View, column, typed};

const INSERT: &str = "-- text::insert
    INSERT INTO case_text (number, entry_id, version, written_by, written_at, sealed_words, sha256)
    VALUES (:number, :entry, :version, :by, :now, :sealed_words, :sha256)";

const GET: &str = "-- text::get
    SELECT sealed_words FROM case_text WHERE number = :number AND entry_id = :entry AND version = :version";

const AGENCY: &str = "-- text::agency
    SELECT agency_id, (SELECT COUNT(*) FROM case_cji WHERE case_cji.number = casefile.number AND entry_id = :entry)
    FROM casefile WHERE number = :number";

const INSERT_WORD: &str = "-- text::insert_word
    INSERT INTO case_word (agency_id, digest, number) VALUES (:agency, :digest, :number)
    ON CONFLICT (agency_id, digest, number) DO NOTHING";

const HOLDING: &str = "-- text::holding
    SELECT number FROM case_word WHERE agency_id = :agency AND digest = :digest ORDER BY number DESC LIMIT :most";

/// Letters of the shortest word that is searched for.
const LEAST_LETTERS: usize = 3;
/// Words of one text that can be found.
const MOST_WORDS: usize = 2_000;
/// Words that are searched for together.
const MOST_SOUGHT: usize = 8;
/// Cases that one word leads to.
const MOST_HOLDING: u32 = 500;
const DIGEST_BYTES: usize = 16;

/// Writes one version of the words of an entry; `""` is the case itself. Answers what its leaf says, and beside that how many
/// of those whom it names were asked about nowhere, if any.
pub(crate) fn put<T: Serialize>(
    act: &Act<'_>,
    (number, entry): (CaseId, &str),
    version: u32,
    words: &T,
    mut leaf: Value,
) -> Result<Value> {
    let row = row(entry, version);
    let sealed_words = sealed::json(act, cell(number, &row), words)?;
    let sha256 = seal::sha256(&sealed_words);
    let row = bind! {
        number: number.get(), entry, version, by: act.actor().text(), now: column::micros(act.now()), sealed_words,
        sha256,
    };
    act.tx().execute(INSERT, &row)?;
    let unasked = remember(act, (number, entry), words)?;
    if unasked > 0 {
        leaf["unasked"] = unasked.into();
    }
    Ok(leaf)
}

/// Makes the words of a text findable, and tells agencies of each other by what names somebody in it; of criminal justice
/// information nobody else is asked or told.
fn remember<T: Serialize>(act: &Act<'_>, (number, entry): (CaseId, &str), words: &T) -> Result<usize> {
    let (agency, labels): (String, u64) = act.tx().get(AGENCY, &bind! { number: number.get(), entry })?;
    let mut found = BTreeSet::new();
    let value = serde_json::to_value(words).map_err(|_| house::Fault::Row { what: "words of a case" })?;
    let texts: Vec<&str> =
        value.as_object().into_iter().flatten().filter_map(|(_, text)| text.as_str()).collect();
    texts.iter().for_each(|text| found.extend(split(text)));
    let row = |word: &String| {
        bind! { agency: &agency, digest: digest(act, &agency, word), number: number.get() }
    };
    let rows: Vec<_> = found.iter().take(MOST_WORDS).map(row).collect();
    act.tx().many(INSERT_WORD, &rows)?;
    let agency = AgencyId::parse(&agency).map_err(|_| Refusal::NotFound)?;
    typed::written(act, (number, entry), &agency, if labels > 0 { &[] } else { &texts })
}

/// The cases of an agency that hold every one of these words, in any of their texts, the newest first.
pub(crate) fn holding(view: &View<'_>, agency: &AgencyId, words: &str) -> Result<Vec<u64>> {
    let ask = |word: String| {
        let digest = digest(view, agency.as_str(), &word);
        (HOLDING, bind! { agency: agency.as_str(), digest, most: MOST_HOLDING })
    };
    let asked: Vec<_> = split(words).into_iter().take(MOST_SOUGHT).map(ask).collect();
    let mut lists = view.tx().rows_all::<u64>(&asked)?.into_iter();
    let mut held = lists.next().unwrap_or_default();
    lists.for_each(|list| held.retain(|number| list.contains(number)));
    Ok(held)
}

/// The words of a text as they are searched for: letters and digits, lower case. Shorter ones tell nothing.
fn split(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| word.chars().count() >= LEAST_LETTERS).map(str::to_owned).collect()
}

fn digest(view: &View<'_>, agency: &str, word: &str) -> [u8; DIGEST_BYTES] {
    let whole = view.selector_digest(["case-word", "\0", agency, "\0", word].concat().as_bytes());
    let mut digest = [0; DIGEST_BYTES];
    digest.copy_from_slice(&whole[..DIGEST_BYTES]);
    digest
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
