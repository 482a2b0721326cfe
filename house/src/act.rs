//! What a closure sees: a snapshot to read, or an act that must leave a leaf.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Deref;

use database::{Args, Tx, bind};
use domain::{Actor, Id as _, Month, Private, Purpose, ReportId};
use jiff::Timestamp;
use seal::{DataKey, Place, Random};
use serde_json::{Map, Value};

use crate::event::{self, Event, LeafId};
use crate::keys::{self, Dropped, KeyRing};
use crate::rows;
use crate::vault::{BlobKind, BlobRef, Kept};
use crate::{Fault, Origin, Refusal, Result, registers, words};

const INSERT_LEAF: &str = "-- act::insert_leaf
    INSERT INTO ledger_leaf (id, kind, occurred_at, report_id, entry, sealed_event)
    VALUES (:id, :kind, :occurred_at, :report_id, :entry, :sealed_event)";

/// One snapshot of the rows, with the keys to open their sealed columns.
pub struct View<'a> {
    tx: &'a Tx<'a>,
    keys: &'a KeyRing,
    now: Timestamp,
    origin: Origin,
    /// Report keys that this transaction has met, so that one read serves many columns.
    met: RefCell<HashMap<ReportId, DataKey>>,
    /// Keys of months of words that it has met.
    met_words: RefCell<HashMap<Month, DataKey>>,
    /// What this transaction has made sure of.
    sure: RefCell<HashSet<String>>,
}

impl<'a> View<'a> {
    pub(crate) fn new(tx: &'a Tx<'a>, keys: &'a KeyRing, now: Timestamp, origin: Origin) -> Self {
        let (met, met_words, sure) = (RefCell::default(), RefCell::default(), RefCell::default());
        Self { tx, keys, now, origin, met, met_words, sure }
    }

    /// The transaction, for SQL. Nobody above this crate has any.
    #[must_use]
    pub fn tx(&self) -> &'a Tx<'a> {
        self.tx
    }

    /// Makes sure of something once in this transaction. What is found out must stay true until it ends.
    ///
    /// # Errors
    /// Those of finding out.
    pub fn once(&self, what: String, find_out: impl FnOnce() -> Result<()>) -> Result<()> {
        if self.sure.borrow().contains(&what) {
            return Ok(());
        }
        find_out()?;
        self.sure.borrow_mut().insert(what);
        Ok(())
    }

    /// The moment of this transaction, the same however often it runs.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// From where this is asked. Whoever finds a session, token or secret to be good says so here.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The key of a report's sealed columns.
    ///
    /// # Errors
    /// [`Refusal::Destroyed`] when the report has no key, or no longer.
    pub fn report_key(&self, report: ReportId) -> Result<DataKey> {
        if let Some(key) = self.met.borrow().get(&report) {
            return Ok(key.clone());
        }
        let key = keys::find(self.tx, self.keys, report.get(), keys::REPORT)?.ok_or(Refusal::Destroyed)?;
        self.met.borrow_mut().insert(report, key.clone());
        Ok(key)
    }

    /// Says that a report's key will be asked for in this transaction, as [`Tx::ahead`] does.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn foresee_key(&self, report: ReportId) -> Result<()> {
        if self.met.borrow().contains_key(&report) {
            return Ok(());
        }
        Ok(self.tx.ahead(&[keys::asked(report, keys::REPORT)])?)
    }

    /// Asks for the keys of several reports together. Of a report whose key does not come or does not open nothing is said
    /// here: [`View::report_key`] does.
    pub(crate) fn meet_keys(&self, reports: &[ReportId]) -> Result<()> {
        let keys = keys::of_reports(self.tx, self.keys, reports)?;
        let opened = reports.iter().zip(keys).filter_map(|(report, key)| Some((*report, key?)));
        self.met.borrow_mut().extend(opened);
        Ok(())
    }

    /// Whether the row of the house's own key still opens; the key itself is in memory.
    pub(crate) fn house_key_opens(&self) -> Result<bool> {
        keys::house_opens(self.tx, self.keys)
    }

    /// The key of secrets that belong to no report: names of persons, contacts of providers.
    #[must_use]
    pub fn house_key(&self) -> &DataKey {
        self.keys.house()
    }

    /// The key of a month's words; `None` when there were none, or they were let go.
    pub(crate) fn find_words_key(&self, month: Month) -> Result<Option<DataKey>> {
        if let Some(key) = self.met_words.borrow().get(&month) {
            return Ok(Some(key.clone()));
        }
        let found = keys::find(self.tx, self.keys, keys::NO_REPORT, &words::name(month))?;
        self.met_words.borrow_mut().extend(found.clone().map(|key| (month, key)));
        Ok(found)
    }

    /// Opens a sealed column.
    ///
    /// # Errors
    /// A fault when the value was changed or moved from another place.
    pub fn open(&self, key: &DataKey, at: &Place<'_>, sealed: &[u8]) -> Result<Private<Vec<u8>>> {
        Ok(Private::new(seal::field::open(key, at, sealed)?.to_vec()))
    }

    /// Opens a sealed column of text.
    ///
    /// # Errors
    /// As [`View::open`], and when the value is not text.
    pub fn open_text(&self, key: &DataKey, at: &Place<'_>, sealed: &[u8]) -> Result<Private<String>> {
        let plain = seal::field::open(key, at, sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| Fault::Row { what: "sealed text" })?;
        Ok(Private::new(text.to_owned()))
    }

    /// The name under which a selector is found without being stored.
    #[must_use]
    pub fn selector_digest(&self, selector: &[u8]) -> [u8; 32] {
        self.keys.selector_digest(selector)
    }

    /// The name under which a password, token, cookie or link is found without being stored.
    #[must_use]
    pub fn secret_digest(&self, secret: &[u8]) -> [u8; 32] {
        self.keys.secret_digest(secret)
    }
}

/// What a leaf says of rows: their digests, and which telling it is; of registers by their count.
#[derive(Default)]
struct Said {
    of: rows::Said,
    versions: BTreeMap<&'static str, u64>,
}

/// A leaf of an act.
enum Leaf {
    /// Ready to be written, unless it comes to tell of registers as well.
    Made(LeafId, Box<Event>, Step, Args),
    /// Made at the end of the act, because it tells what rows say that the act may still write.
    Owed(LeafId, Box<Event>, Step),
}

impl Leaf {
    const fn event(&self) -> &Event {
        match self {
            Self::Made(_, event, ..) | Self::Owed(_, event, _) => event,
        }
    }

    const fn id(&self) -> LeafId {
        match self {
            Self::Made(id, ..) | Self::Owed(id, ..) => *id,
        }
    }
}

/// What the leaves of an act say that it was and was for.
#[derive(Debug, Clone, Copy)]
struct Step {
    name: &'static str,
    purpose: Purpose,
}

/// What is asked of an act that has written everything, before it is kept.
type Check = Box<dyn FnOnce(&Act<'_>) -> Result<()>>;

/// One change with its actor, purpose and leaf. Nothing of it is kept unless [`Act::note`] was called.
pub struct Act<'a> {
    view: View<'a>,
    actor: &'a Actor,
    step: Cell<Step>,
    name: &'static str,
    leaves: RefCell<Vec<Leaf>>,
    checks: RefCell<Vec<Check>>,
    wakes_workers: Cell<bool>,
}

impl<'a> Deref for Act<'a> {
    type Target = View<'a>;
    fn deref(&self) -> &View<'a> {
        &self.view
    }
}

impl<'a> Act<'a> {
    pub(crate) fn new(view: View<'a>, actor: &'a Actor, purpose: Purpose, name: &'static str) -> Self {
        let step = Cell::new(Step { name, purpose });
        let (leaves, checks) = (RefCell::default(), RefCell::default());
        Self { view, actor, step, name, leaves, checks, wakes_workers: Cell::new(false) }
    }

    /// Who acts.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        self.actor
    }

    /// What for.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.step.get().purpose
    }

    /// What is noted from here on says another name and purpose: the act does several things that are otherwise done one
    /// by one, and its leaves are those that they would have left.
    pub fn goes_on(&self, purpose: Purpose, name: &'static str) {
        self.step.set(Step { name, purpose });
    }

    /// Where chance comes from.
    #[must_use]
    pub fn random(&self) -> &dyn Random {
        self.view.keys.random()
    }

    /// `N` random bytes, for an id or a secret.
    ///
    /// # Errors
    /// A fault when there is no chance to be had.
    pub fn chance<const N: usize>(&self) -> Result<[u8; N]> {
        Ok(seal::random::bytes(self.random())?)
    }

    /// Makes the key of a new report, before anything of it is sealed or noted.
    ///
    /// # Errors
    /// A fault when the report already has one.
    pub fn new_report_key(&self, report: ReportId) -> Result<DataKey> {
        let key = keys::make(self.view.tx, self.view.keys, self.now(), report.get(), keys::REPORT)?;
        self.view.met.borrow_mut().insert(report, key.clone());
        Ok(key)
    }

    /// The key of a month's words, which is made with its first ones.
    pub(crate) fn words_key(&self, month: Month) -> Result<DataKey> {
        if let Some(key) = self.find_words_key(month)? {
            return Ok(key);
        }
        keys::find_or_make(self.view.tx, self.view.keys, self.now(), &words::name(month))
    }

    /// Seals a column under a key that this act was given.
    ///
    /// # Errors
    /// A fault of the crypto module.
    pub fn seal(&self, key: &DataKey, at: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        Ok(seal::field::seal(key, at, plain, self.random())?)
    }

    /// Takes over a blob: stores its key under the report, so that it can be opened, and destroyed with it.
    ///
    /// # Errors
    /// A fault when the blob was taken over before.
    pub fn adopt(&self, report: ReportId, kept: &Kept) -> Result<()> {
        keys::adopt(self.view.tx, self.view.keys, self.now(), report, kept)
    }

    /// Takes over a blob that was made from another one of the same report, and is destroyed with it.
    ///
    /// # Errors
    /// A fault when the blob was taken over before.
    pub fn adopt_derived(&self, report: ReportId, kept: &Kept, from: &BlobRef) -> Result<()> {
        keys::adopt_derived(self.view.tx, self.view.keys, self.now(), report, (kept, &from.key_name()))
    }

    /// Destroys the keys of one blob and of everything that was made from it. What is answered can be tried with
    /// [`crate::Rotation::opens_still`].
    ///
    /// # Errors
    /// A fault of the database.
    pub fn destroy_line(&self, report: ReportId, blob: &BlobRef) -> Result<Dropped> {
        // A rendition carries the id of its file, whether or not it was taken over as derived.
        let rendition = BlobRef { kind: BlobKind::Rendition, ..blob.clone() };
        keys::destroy_line(self.view.tx, report, (&blob.key_name(), &rendition.key_name()))
    }

    /// Destroys the key of one blob of a report: it cannot be opened any more.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn destroy_blob_key(&self, report: ReportId, blob: &BlobRef) -> Result<()> {
        keys::destroy_blob(self.view.tx, report, &blob.key_name())?;
        Ok(())
    }

    /// Destroys every key of a report: its columns and its blobs cannot be opened any more. Answers how many.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn destroy_keys(&self, report: ReportId) -> Result<u64> {
        self.view.met.borrow_mut().remove(&report);
        keys::destroy(self.view.tx, report)
    }

    /// Tells the ledger what happened. The leaf is durable when the act is.
    ///
    /// # Errors
    /// [`Refusal::Destroyed`] when the event's report has no key; a fault for details with fractions.
    pub fn note(&self, event: Event) -> Result<LeafId> {
        let id = LeafId::new(self.now(), self.leaves.borrow().len(), self.chance()?);
        let (event, step) = (Box::new(event), self.step.get());
        let leaf = match rows::are_told_by(event.kind) && event.report.is_some() {
            true => Leaf::Owed(id, event, step),
            false => {
                let row = self.leaf(id, &event, step, Said::default())?;
                Leaf::Made(id, event, step, row)
            }
        };
        self.leaves.borrow_mut().push(leaf);
        Ok(id)
    }

    /// The row of a leaf.
    fn leaf(&self, id: LeafId, event: &Event, step: Step, said: Said) -> Result<Args> {
        let salted = event::salted(&self.chance()?, &self.told(event, step, said).into())?;
        let Event { kind, report, .. } = *event;
        let occurred_at = self.now().as_microsecond();
        let entry = event::entry(kind, occurred_at, &id, &salted);
        let at = Place { table: "ledger_leaf", row: id.as_bytes(), column: "sealed_event" };
        let sealed_event = match report {
            Some(report) if !kind.outlives_report() => self.seal(&self.report_key(report)?, &at, &salted)?,
            _ => self.seal(self.house_key(), &at, &salted)?,
        };
        let report_id = report.map(ReportId::get);
        Ok(bind! { id, kind: kind.as_str(), occurred_at, report_id, entry, sealed_event })
    }

    /// The record of an event: what, when, where, source, outcome and who (R-76b). `docs/event.schema.json` describes it.
    fn told(&self, event: &Event, step: Step, said: Said) -> Map<String, Value> {
        let mut told = event.told();
        if !said.of.digests.is_empty() {
            let digests =
                said.of.digests.into_iter().map(|(table, digest)| (table.to_owned(), digest.into()));
            told.insert("rows".to_owned(), digests.collect::<Map<_, _>>().into());
        }
        if let Some(order) = said.of.order {
            told.insert("row_order".to_owned(), order.into());
        }
        if !said.versions.is_empty() {
            let versions = said.versions.into_iter().map(|(name, version)| (name.to_owned(), version.into()));
            told.insert("row_versions".to_owned(), versions.collect::<Map<_, _>>().into());
        }
        told.insert("act".to_owned(), step.name.into());
        told.insert("actor".to_owned(), self.actor.text().into());
        told.insert("at".to_owned(), format!("{:.6}", self.now()).into());
        told.insert("purpose".to_owned(), step.purpose.as_str().into());
        told.insert("rules".to_owned(), policy::RuleSet::id_in_force().as_str().into());
        if let Some(agency) = self.actor.agency() {
            told.insert("agency".to_owned(), agency.as_str().into());
        }
        self.origin().tell(&mut told);
        told
    }

    /// Asks this once everything of the act is written; what it refuses is not kept. So the count of a statement that was
    /// sent with [`Tx::soon`] is judged without a trip of its own.
    pub fn before_it_is_kept(&self, check: impl FnOnce(&Act<'_>) -> Result<()> + 'static) {
        self.checks.borrow_mut().push(Box::new(check));
    }

    /// Asks for the workers to be woken once this act is durable.
    pub fn wake_workers(&self) {
        self.wakes_workers.set(true);
    }

    /// The event of a leaf that can still be made to say more: not one whose report lost its key in this act.
    fn tells<'l>(&self, leaf: &'l Leaf) -> Option<&'l Event> {
        let event = leaf.event();
        let is_open = match (leaf, event.report) {
            (Leaf::Made(..), Some(report)) if !event.kind.outlives_report() => {
                self.report_key(report).is_ok()
            }
            _ => true,
        };
        is_open.then_some(event)
    }

    /// Ends the act: writes its leaves, or refuses to keep it. Says whether workers are to be woken.
    pub(crate) fn ended(self) -> Result<bool> {
        let leaves = self.leaves.take();
        if leaves.is_empty() {
            return Err(Fault::NoLeaf { act: self.name }.into());
        }
        let sent = self.view.tx.sent();
        let wrote = told::by_writing(&sent);
        let events: Vec<_> = leaves.iter().map(|leaf| (leaf.id(), self.tells(leaf))).collect();
        let key = |text: &[u8]| self.secret_digest(text);
        let of_things = rows::told((self.view.tx, &key), &events, &wrote, &sent)?;
        let registers = registers::told(self.view.tx, &wrote)?;
        self.checks.take().into_iter().try_for_each(|check| check(&self))?;
        let mut said: Vec<Said> = of_things.into_iter().map(|of| Said { of, ..Said::default() }).collect();
        // What the act wrote of registers is told once, by a leaf that goes with no report where there is one.
        let lasts = |leaf: &Leaf| leaf.event().report.is_none() || leaf.event().kind.outlives_report();
        let teller = leaves.iter().position(lasts).unwrap_or(0);
        for (name, told) in registers {
            said[teller].of.digests.insert(name, told.digest);
            said[teller].versions.insert(name, told.version);
        }
        let made = leaves.into_iter().zip(said).map(|(leaf, said)| match leaf {
            Leaf::Made(_, _, _, row) if said.of.digests.is_empty() => Ok(row),
            Leaf::Made(id, event, step, _) | Leaf::Owed(id, event, step) => self.leaf(id, &event, step, said),
        });
        let made = made.collect::<Result<Vec<_>>>()?;
        self.view.tx.put_many(INSERT_LEAF, &made)?;
        Ok(self.wakes_workers.get())
    }
}
