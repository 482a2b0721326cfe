//! The door for a stranger's file: its format is recognised, the whole of it is checked, and what it is gets written
//! down. The file itself stays as it came, so that its digest still holds years later.

use crate::asn::AsnTable;
use crate::counties::CountyTable;
use crate::header::{self, Facts};
use crate::known;
use crate::mmdb::MmdbTable;
use crate::postcodes::PostcodeTable;
use crate::ranges::RangeTable;
use crate::refusal::Refusal;
use crate::table::{Kind, MAX_FILE_BYTES, Table, TableInfo};
use crate::{day, text};

/// What the caller knows about a file. What the file says itself need not be said; it must not be said differently
/// for the day. For files of well-known names ([`table_name`]) source and licence are known too.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    /// Name of the series: see [`TableInfo::name`].
    pub name: &'a str,
    /// SHA-256 of the bytes, 64 lowercase hex digits.
    pub sha256: &'a str,
    /// Day of the facts, `YYYY-MM-DD`; for published packages the date in their version.
    pub as_of: Option<&'a str>,
    /// Who made it.
    pub source: Option<&'a str>,
    /// Under which licence it may be used.
    pub licence: Option<&'a str>,
    /// The words that the licence wants on pages.
    pub attribution: Option<&'a str>,
    /// Where these words must link to.
    pub attribution_link: Option<&'a str>,
}

/// A file that was checked whole and may be stored and loaded.
#[derive(Debug)]
pub struct Imported {
    /// What to store beside the file.
    pub info: TableInfo,
    /// Rows of use: ranges, postcodes or counties.
    pub rows: usize,
    pub(crate) table: Table,
}

/// Checks a file of that kind. Nothing of it is kept when it is refused.
pub fn import(kind: Kind, bytes: Vec<u8>, hints: &Hints<'_>) -> Result<Imported, Refusal> {
    if !is_name(hints.name) {
        return Err(Refusal::BadName);
    }
    if !is_digest(hints.sha256) {
        return Err(Refusal::BadDigest);
    }
    let Read { table, rows, facts } = read(kind, bytes)?;
    let rows = match &table {
        // Every other format was read to its end already.
        Table::Mmdb(database) => database.check()?,
        _ => rows,
    };
    if rows == 0 {
        return Err(Refusal::NoRows);
    }
    Ok(Imported { info: describe(kind, facts, hints)?, rows, table })
}

/// The table name that a file's name suggests: lower case, without its ending, other characters as hyphens.
pub fn table_name(file_name: &str) -> String {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    let kept = stem.chars().map(|c| if is_name_char(c) { c } else { c.to_ascii_lowercase() });
    kept.map(|c| if is_name_char(c) { c } else { '-' }).take(64).collect()
}

/// A table with what its file says about itself. `rows` is 0 for databases that are not walked.
pub(crate) struct Read {
    pub table: Table,
    pub rows: usize,
    pub facts: Facts,
}

/// Recognises the format and reads the file. Text is checked whole; a database only when it is let in first.
pub(crate) fn read(kind: Kind, bytes: Vec<u8>) -> Result<Read, Refusal> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Refusal::TooLarge { limit_bytes: MAX_FILE_BYTES });
    }
    let is_ip = matches!(kind, Kind::IpPlace | Kind::IpNetwork);
    if is_ip && MmdbTable::speaks(&bytes) {
        let (table, facts) = MmdbTable::open(bytes, kind)?;
        return Ok(Read { table: Table::Mmdb(table), rows: 0, facts });
    }
    let (_, first_line) = text::lines(&bytes).next().transpose()?.ok_or(Refusal::NoRows)?;
    let ours = header::is_ours(first_line, kind);
    let unsaid = |(table, rows)| (table, rows, Facts::default());
    let (table, rows, facts) = match kind {
        _ if is_ip && ours => wrap(Table::Ranges, RangeTable::read(&bytes)?),
        Kind::IpNetwork if AsnTable::speaks(first_line) => wrap(Table::Asn, unsaid(AsnTable::read(&bytes)?)),
        Kind::PostcodeCounty if ours => wrap(Table::Postcodes, PostcodeTable::read_ours(&bytes)?),
        Kind::PostcodeCounty if PostcodeTable::speaks_geonames(first_line) => {
            let (table, rows) = PostcodeTable::read_geonames(&bytes)?;
            (Table::Postcodes(table), rows, Facts::default())
        }
        Kind::CountyNames if ours => wrap(Table::Counties, CountyTable::read_ours(&bytes)?),
        Kind::CountyNames if CountyTable::speaks_census(first_line) => {
            let (table, rows) = CountyTable::read_census(&bytes)?;
            (Table::Counties(table), rows, Facts::default())
        }
        _ => return Err(Refusal::UnknownFormat { kind: kind.as_str() }),
    };
    Ok(Read { table, rows, facts })
}

fn wrap<T>(kind: fn(T) -> Table, (table, rows, facts): (T, usize, Facts)) -> (Table, usize, Facts) {
    (kind(table), rows, facts)
}

/// The file's own words first, then the caller's, then what is known of a published file of that name.
fn describe(kind: Kind, facts: Facts, hints: &Hints<'_>) -> Result<TableInfo, Refusal> {
    // What someone says about a file is whole: nothing is mixed in from a published file of the same name.
    let is_described = facts.source.is_some() || hints.source.is_some();
    let known = if is_described { None } else { known::file(kind, hints.name) }.unwrap_or_default();
    let said = |file: Option<String>, hint: Option<&str>, known: Option<&str>| {
        file.or_else(|| hint.or(known).and_then(text::filled))
    };
    let as_of = match (facts.as_of, hints.as_of) {
        (Some(file), Some(said)) if file != said => {
            return Err(Refusal::DateConflict { file, said: said.to_owned() });
        }
        (file, hint) => said(file, hint, None).ok_or(Refusal::NoDate)?,
    };
    if !day::is_day(&as_of) {
        return Err(Refusal::BadDate);
    }
    let source =
        said(facts.source, hints.source, known.source).ok_or(Refusal::NoProvenance { what: "source" })?;
    let licence =
        said(facts.licence, hints.licence, known.licence).ok_or(Refusal::NoProvenance { what: "licence" })?;
    Ok(TableInfo {
        kind,
        name: hints.name.to_owned(),
        as_of,
        sha256: hints.sha256.to_owned(),
        source,
        licence,
        attribution: said(facts.attribution, hints.attribution, known.attribution).unwrap_or_default(),
        attribution_link: said(facts.link, hints.attribution_link, known.link),
    })
}

pub(crate) fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.chars().all(is_name_char)
}

fn is_name_char(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-')
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
