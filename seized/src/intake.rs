//! From a document to batches of pieces, in a thread that may wait.

use std::io;

use formats::hash_list;
use formats::vics::{self, Category, Known};
use serde_json::json;
use tokio::sync::mpsc;

use crate::marks::Digests;
use crate::set::{Ended, Form, Piece, PieceKind};
use crate::source::Source;

/// The most pieces of one batch: each is one act.
pub const BATCH_PIECES: usize = 500;
/// The most text of one batch, unless one piece alone is longer.
pub const BATCH_BYTES: usize = 4 << 20;
/// The most pieces of a set.
const MOST_PIECES: u64 = 20_000_000;

/// Pieces on their way into rows.
struct Batches<'a> {
    to: &'a mpsc::Sender<Vec<Piece>>,
    batch: Vec<Piece>,
    bytes: usize,
    pieces: u64,
}

impl Batches<'_> {
    fn push(&mut self, piece: Piece) -> Result<(), String> {
        self.pieces += 1;
        if self.pieces > MOST_PIECES {
            return Err(format!("it has more than {MOST_PIECES} records: bring it in parts"));
        }
        self.bytes += piece.text.len();
        self.batch.push(piece);
        if self.batch.len() >= BATCH_PIECES || self.bytes >= BATCH_BYTES { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> Result<(), String> {
        self.bytes = 0;
        let batch = std::mem::take(&mut self.batch);
        if batch.is_empty() {
            return Ok(());
        }
        self.to.blocking_send(batch).map_err(|_| "it could not be kept".to_owned())
    }
}

/// Reads a document to its end. Why it cannot be read is said in words for whoever brought it.
pub(crate) fn read(mut source: Source, to: &mpsc::Sender<Vec<Piece>>) -> Result<Ended, String> {
    let mut batches = Batches { to, batch: Vec::new(), bytes: 0, pieces: 0 };
    let is_json = source.is_json().map_err(|error: io::Error| error.to_string())?;
    let (form, region) =
        if is_json { vics(&mut source, &mut batches)? } else { (list(&mut source, &mut batches)?, None) };
    batches.send()?;
    Ok(Ended { form, region, sha256: source.sha256() })
}

fn vics(source: &mut Source, batches: &mut Batches<'_>) -> Result<(Form, Option<String>), String> {
    let outline =
        vics::read(source, &mut |piece| batches.push(taken(piece))).map_err(|error| error.to_string())?;
    if outline.records == 0 {
        return Err("it has no media records".to_owned());
    }
    let form = match outline.form {
        vics::Form::Cases => Form::VicsCases,
        vics::Form::HashSet => Form::VicsHashSet,
    };
    Ok((form, outline.region().map(str::to_owned)))
}

fn taken(piece: vics::Piece) -> Piece {
    let around = |kind, text| Piece { kind, text, digests: Digests::default(), category: None };
    match piece {
        vics::Piece::CaseBegins => around(PieceKind::CaseBegins, String::new()),
        vics::Piece::CaseEnds => around(PieceKind::CaseEnds, String::new()),
        vics::Piece::Member(name, value) => {
            around(PieceKind::Member, format!("{{{}:{}}}", json!(name), value.get()))
        }
        vics::Piece::Record(record) => {
            let Known { md5, sha1, sha256, category, .. } = record.known();
            let category = match category {
                Category::Said(code) => Some(code.into()),
                Category::Unclear(code) => Some(code),
                Category::Uncategorised => None,
            };
            let digests = Digests { md5, sha1, sha256 };
            Piece { kind: PieceKind::Record, text: record.json(), digests, category }
        }
    }
}

fn list(source: &mut Source, batches: &mut Batches<'_>) -> Result<Form, String> {
    let read = hash_list::read(source, &mut |entry, line| {
        let digests = Digests { md5: entry.md5, sha1: entry.sha1, sha256: entry.sha256 };
        batches.push(Piece { kind: PieceKind::Line, text: line.to_owned(), digests, category: None })
    });
    read.map(|_| Form::HashList).map_err(|error| error.to_string())
}
