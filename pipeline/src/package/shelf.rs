//! The files of a package while it is made: read from the store a stretch at a time, shown to the gate, and put on a spool that
//! documents go through. However many they are, few of them are in memory.

use domain::{Actor, ReportId};
use exports::{Filling, Shelf};
use formats::csv::Withheld;
use policy::{Export as Taking, OpenFile, Permit};
use store::evidence::Stretch;
use store::{BlobRef, House, View};

use super::{Fault, gate};
use crate::agency::{self, Held};

/// Files that are read from the store together.
const FILES_TOGETHER: u32 = 500;

/// What goes and what stays.
pub(super) struct Gated {
    /// All files, as documents tell of them.
    pub files: Shelf,
    /// One permit for each file that goes, and where its bytes lie.
    pub open: Vec<(OpenFile, BlobRef)>,
    /// What stays, with the gate's reason.
    pub withheld: Vec<Withheld>,
}

/// Shows every file of a report to the gate. A fault of the store is the outer one: who asked may have to ask again.
pub(super) fn fill(
    house: &House,
    view: &View<'_>,
    permit: &Permit<Taking>,
    report: ReportId,
    actor: &Actor,
) -> store::Result<Result<Gated, Fault>> {
    let mut gate = match Gate::at(house, actor) {
        Ok(gate) => gate,
        Err(fault) => return Ok(Err(fault)),
    };
    let mut stretch = Stretch { after: 0, most: FILES_TOGETHER };
    loop {
        let held = agency::files(view, permit, report, stretch)?;
        let Some(last) = held.last() else { return Ok(gate.end()) };
        stretch.after = last.file.position;
        if let Err(fault) = held.into_iter().try_for_each(|one| gate.pass(one)) {
            return Ok(Err(fault));
        }
    }
}

struct Gate<'a> {
    actor: &'a Actor,
    files: Filling,
    open: Vec<(OpenFile, BlobRef)>,
    withheld: Vec<Withheld>,
}

impl<'a> Gate<'a> {
    fn at(house: &House, actor: &'a Actor) -> Result<Self, Fault> {
        let files = Filling::begin(&**house.random())?;
        Ok(Self { actor, files, open: Vec::new(), withheld: Vec::new() })
    }

    fn pass(&mut self, Held { mut file, facts, blob }: Held) -> Result<(), Fault> {
        if let Some(open) = gate::admit(&mut file, &facts, self.actor, &mut self.withheld)? {
            self.open.push((open, blob.ok_or(Fault::OtherFiles)?));
        }
        Ok(self.files.put(&file)?)
    }

    fn end(self) -> Result<Gated, Fault> {
        Ok(Gated { files: self.files.end()?, open: self.open, withheld: self.withheld })
    }
}
