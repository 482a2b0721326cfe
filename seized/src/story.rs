//! A set is brought, read, listed, given back and removed.

use std::io::Write;
use std::sync::Arc;

use domain::{AgencyId, Id as _, Private, Purpose, SeizedSetId};
use formats::vics::Writer;
use house::{House, Refusal};
use office::Trouble;
use policy::Viewer;
use policy::access::{self, Action, Space};
use seal::random;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::intake::{self, BATCH_PIECES};
use crate::set::{self, Ended, Form, Piece, PieceKind, SeizedSet};
use crate::source::Source;

const ID_BYTES: usize = 16;
/// Batches that wait to be written: the reader waits for the rows.
const MOST_WAITING: usize = 2;

/// Why a set was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The viewer may not, or the house failed.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// What was brought cannot be read; in words for whoever brought it. Nothing of it is kept.
    #[error("{0}")]
    Unreadable(String),
    /// A copy could not be written.
    #[error("the set could not be written")]
    Writing(#[source] std::io::Error),
}

impl From<house::Error> for Fault {
    fn from(error: house::Error) -> Self {
        Self::Trouble(error.into())
    }
}

/// What is brought.
pub struct NewSet {
    /// What its agency calls it.
    pub name: Private<String>,
    /// Its bytes.
    pub source: Source,
}

/// Whether the viewer keeps the sets of an agency: its pages say so only to those who do.
#[must_use]
pub fn keeps(viewer: &Viewer) -> bool {
    may_keep(viewer).is_ok()
}

/// Takes a set: read to its end, or nothing of it is kept.
///
/// # Errors
/// A denial; [`Refusal::Unfit`] for a name that is none; [`Fault::Unreadable`]; a fault.
pub async fn take(house: &House, viewer: &Viewer, new: NewSet) -> Result<SeizedSetId, Fault> {
    let agency = may_keep(viewer)?;
    let chance: [u8; ID_BYTES] = random::bytes(&**house.random()).map_err(|_| Trouble::Chance)?;
    // INVARIANT: thirty-two hexadecimal digits are an id.
    let id = SeizedSetId::parse(&seal::hex(&chance)).expect("hexadecimal digits are an id");
    let reading = Reading { house, viewer, agency: &agency, id: &id };
    reading.begin(new.name).await?;
    match reading.whole(new.source).await {
        Ok(()) => Ok(id),
        Err(fault) => {
            if let Err(also) = reading.remove().await {
                tracing::error!(set = id.as_str(), error = %also, "a set that broke off could not be removed");
            }
            Err(fault)
        }
    }
}

/// One set on its way in.
struct Reading<'a> {
    house: &'a House,
    viewer: &'a Viewer,
    agency: &'a AgencyId,
    id: &'a SeizedSetId,
}

impl Reading<'_> {
    async fn begin(&self, name: Private<String>) -> Result<(), Fault> {
        let (agency, id) = (self.agency.clone(), self.id.clone());
        let begun =
            self.house.act(self.viewer.actor.clone(), Purpose::Investigation, "seized::begin", move |act| {
                set::begin(act, &agency, &id, name.reveal())
            });
        Ok(begun.await?)
    }

    async fn whole(&self, source: Source) -> Result<(), Fault> {
        let (to, mut from) = mpsc::channel(MOST_WAITING);
        let read = spawn_blocking(move || intake::read(source, &to));
        let mut position = 0;
        while let Some(batch) = from.recv().await {
            let pieces = i64::try_from(batch.len()).unwrap_or(i64::MAX);
            self.grow(position, batch).await?;
            position += pieces;
        }
        let ended = read.await.map_err(|_| Fault::Unreadable("the reading stopped".to_owned()))?;
        self.end(ended.map_err(Fault::Unreadable)?).await
    }

    async fn grow(&self, from: i64, batch: Vec<Piece>) -> Result<(), Fault> {
        let (agency, id, batch) = (self.agency.clone(), self.id.clone(), Arc::new(batch));
        let grown =
            self.house.act(self.viewer.actor.clone(), Purpose::Investigation, "seized::grow", move |act| {
                set::grow(act, &agency, &id, from, &batch)
            });
        Ok(grown.await?)
    }

    async fn end(&self, ended: Ended) -> Result<(), Fault> {
        let (agency, id) = (self.agency.clone(), self.id.clone());
        let done =
            self.house.act(self.viewer.actor.clone(), Purpose::Investigation, "seized::end", move |act| {
                set::end(act, &agency, &id, &ended)
            });
        Ok(done.await?)
    }

    async fn remove(&self) -> Result<(), Trouble> {
        let (agency, id) = (self.agency.clone(), self.id.clone());
        let removed =
            self.house.act(self.viewer.actor.clone(), Purpose::Investigation, "seized::remove", move |act| {
                set::remove(act, &agency, &id)
            });
        Ok(removed.await?)
    }
}

/// The sets of the viewer's agency, the newest first.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, viewer: &Viewer) -> Result<Vec<SeizedSet>, Trouble> {
    let agency = may_keep(viewer)?;
    Ok(house.read("seized::list", move |view| set::list(view, &agency)).await?)
}

/// Removes a set with everything in it.
///
/// # Errors
/// "No such thing"; a denial; a fault.
pub async fn remove(house: &House, viewer: &Viewer, id: &SeizedSetId) -> Result<(), Trouble> {
    let agency = may_keep(viewer)?;
    Reading { house, viewer, agency: &agency, id }.remove().await
}

/// Writes a set down again as it came, but for the space between members. Answers how many pieces it has. It is written twice:
/// first for its length, which is in the ledger before the first byte leaves.
///
/// # Errors
/// "No such thing"; a denial; a fault, also of whatever it is written to.
pub async fn give_back(
    house: &House,
    viewer: &Viewer,
    id: &SeizedSetId,
    out: impl Write,
) -> Result<u64, Fault> {
    let agency = may_keep(viewer)?;
    let mut length = Length(0);
    write_down(house, &agency, id, &mut length).await?;
    let (of, set) = (agency.clone(), id.clone());
    let given = house.act(viewer.actor.clone(), Purpose::Investigation, "seized::give", move |act| {
        set::give(act, &of, &set, length.0)
    });
    given.await?;
    write_down(house, &agency, id, out).await
}

async fn write_down(
    house: &House,
    agency: &AgencyId,
    id: &SeizedSetId,
    out: impl Write,
) -> Result<u64, Fault> {
    let (of, set) = (agency.clone(), id.clone());
    let form = house.read("seized::form", move |view| set::form(view, &of, &set)).await?;
    let mut paper = Paper::of(&form, out);
    let (mut after, mut written) = (-1, 0);
    loop {
        let (of, set) = (agency.clone(), id.clone());
        let most = u32::try_from(BATCH_PIECES).unwrap_or(u32::MAX);
        let pieces =
            house.read("seized::pieces", move |view| set::pieces(view, &of, &set, after, most)).await?;
        let Some((last, _, _)) = pieces.last() else { break };
        after = *last;
        written += pieces.len() as u64;
        for (_, kind, text) in pieces {
            paper.put(kind, &text).map_err(Fault::Writing)?;
        }
    }
    paper.finish().map_err(Fault::Writing)?;
    Ok(written)
}

/// Keeps nothing of what is written but how long it is.
struct Length(u64);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a set is written on.
enum Paper<W: Write> {
    Vics(Writer<W>),
    List(W),
}

impl<W: Write> Paper<W> {
    fn of(form: &str, out: W) -> Self {
        if form == Form::HashList.as_str() { Self::List(out) } else { Self::Vics(Writer::bare(out)) }
    }

    fn put(&mut self, kind: PieceKind, text: &str) -> std::io::Result<()> {
        match (self, kind) {
            (Self::List(out), _) => writeln!(out, "{text}"),
            (Self::Vics(writer), PieceKind::CaseBegins) => writer.case_begins(),
            (Self::Vics(writer), PieceKind::CaseEnds) => writer.case_ends(),
            (Self::Vics(writer), PieceKind::Member) => {
                let (name, value) = member(text)?;
                writer.member(&name, value)
            }
            (Self::Vics(writer), PieceKind::Record | PieceKind::Line) => writer.raw_record(text),
        }
    }

    fn finish(self) -> std::io::Result<()> {
        match self {
            Self::Vics(writer) => writer.finish().map(drop),
            Self::List(mut out) => out.flush(),
        }
    }
}

/// A member as it was kept: an object of one member, whose value stays the very text that came.
fn member(text: &str) -> std::io::Result<(String, &str)> {
    let broken = || std::io::Error::other("a kept member cannot be read");
    let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).ok_or_else(broken)?;
    let mut names = serde_json::Deserializer::from_str(inner).into_iter::<Value>();
    let name = names.next().and_then(Result::ok).and_then(|name| name.as_str().map(str::to_owned));
    let value = inner[names.byte_offset()..].strip_prefix(':').ok_or_else(broken)?;
    Ok((name.ok_or_else(broken)?, value))
}

/// The agency whose sets the viewer keeps.
fn may_keep(viewer: &Viewer) -> Result<AgencyId, Trouble> {
    let agency = viewer.agency.clone().ok_or(Refusal::NotFound)?;
    access::right(viewer, Action::KeepSeizedSets, &Space::Agency(&agency))?;
    Ok(agency)
}
