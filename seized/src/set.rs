//! Seized sets: rows, pieces and marks.

use database::{FromRow, Row, bind};
use domain::{AgencyId, Id, Private, SeizedSetId};
use house::{Act, Event, EventKind, Refusal, Result, View, column};
use jiff::Timestamp;
use seal::Place;
use serde_json::json;

use crate::marks::{self, Digests};

const INSERT: &str = "-- set::insert
    INSERT INTO seized_set (id, agency_id, sealed_name, begun_at, begun_by)
    VALUES (:id, :agency, :sealed_name, :now, :by)";

const GROW: &str = "-- set::grow
    UPDATE seized_set SET records = records + :records, undigested = undigested + :without
    WHERE id = :id AND agency_id = :agency AND taken_at IS NULL AND removed_at IS NULL";

const INSERT_PIECE: &str = "-- set::insert_piece
    INSERT INTO seized_piece (set_id, position, kind, category, sealed_text)
    VALUES (:set, :position, :kind, :category, :sealed_text)";

const INSERT_MARK: &str = "-- set::insert_mark
    INSERT INTO seized_mark (agency_id, digest, set_id, position) VALUES (:agency, :digest, :set, :position)
    ON CONFLICT DO NOTHING";

const END: &str = "-- set::end
    UPDATE seized_set SET taken_at = :now, sha256 = :sha256, form = :form, region = :region
    WHERE id = :id AND agency_id = :agency AND taken_at IS NULL AND removed_at IS NULL";

const REMOVE: &str = "-- set::remove
    UPDATE seized_set SET removed_at = :now, removed_by = :by
    WHERE id = :id AND agency_id = :agency AND removed_at IS NULL";

const DROP_MARKS: &str = "-- set::drop_marks
    DELETE FROM seized_mark WHERE set_id = :id";

const DROP_PIECES: &str = "-- set::drop_pieces
    DELETE FROM seized_piece WHERE set_id = :id";

const LIST: &str = "-- set::list
    SELECT id, sealed_name, form, region, begun_at, begun_by, taken_at, sha256, records, undigested, removed_at
    FROM seized_set WHERE agency_id = :agency ORDER BY begun_at DESC, id LIMIT :most";

const FORM: &str = "-- set::form
    SELECT form FROM seized_set
    WHERE id = :id AND agency_id = :agency AND taken_at IS NOT NULL AND removed_at IS NULL";

const PIECES: &str = "-- set::pieces
    SELECT piece.position, piece.kind, piece.sealed_text FROM seized_piece AS piece
    JOIN seized_set AS held ON held.id = piece.set_id
    WHERE piece.set_id = :id AND held.agency_id = :agency AND held.taken_at IS NOT NULL
        AND held.removed_at IS NULL AND piece.position > :after
    ORDER BY piece.position LIMIT :most";

const SEEN: &str = "-- set::seen
    SELECT held.id, held.sealed_name, held.taken_at, piece.category FROM seized_mark AS mark
    JOIN seized_set AS held ON held.id = mark.set_id
    JOIN seized_piece AS piece ON piece.set_id = mark.set_id AND piece.position = mark.position
    WHERE mark.agency_id = :agency AND mark.digest = :digest AND held.taken_at IS NOT NULL AND held.removed_at IS NULL
    ORDER BY held.taken_at, held.id, mark.position LIMIT :most";

/// Sets that are listed.
pub const MOST_LISTED: u32 = 200;
/// The longest name of a set, in letters.
pub const MOST_NAME_LETTERS: usize = 200;

/// What a set was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A VICS document with cases.
    VicsCases,
    /// A VICS hash set.
    VicsHashSet,
    /// A list of digests.
    HashList,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::VicsCases, Self::VicsHashSet, Self::HashList];

    /// The word in rows and on pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VicsCases => "VICS cases",
            Self::VicsHashSet => "VICS hash set",
            Self::HashList => "hash list",
        }
    }
}

/// A judgement of whoever made the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// 1 to 4, whose meaning all tools share.
    Said(u8),
    /// Any other code: ask whoever made the set.
    Unclear(i64),
}

impl Category {
    fn of(code: i64) -> Self {
        match u8::try_from(code) {
            Ok(said @ 1..=4) => Self::Said(said),
            _ => Self::Unclear(code),
        }
    }
}

/// How far a set is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is being read, or broke off without being removed.
    Unfinished,
    /// It was taken whole.
    Taken,
    /// It was removed with everything in it.
    Removed,
}

/// A set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeizedSet {
    /// Its id.
    pub id: SeizedSetId,
    /// What its agency calls it.
    pub name: Private<String>,
    /// What it was read from, once that is known.
    pub form: Option<String>,
    /// The region of its categories.
    pub region: Option<String>,
    /// When its reading began.
    pub begun_at: Timestamp,
    /// Who brought it, as the ledger writes it.
    pub begun_by: String,
    /// When it was taken whole.
    pub taken_at: Option<Timestamp>,
    /// SHA-256 of the document as it came.
    pub sha256: Option<[u8; 32]>,
    /// How many records it has.
    pub records: u64,
    /// How many of them have no digest, so that nothing finds them.
    pub without_digest: u64,
    /// When it was removed.
    pub removed_at: Option<Timestamp>,
}

impl SeizedSet {
    /// How far it is.
    #[must_use]
    pub const fn state(&self) -> State {
        match (self.removed_at, self.taken_at) {
            (Some(_), _) => State::Removed,
            (None, Some(_)) => State::Taken,
            (None, None) => State::Unfinished,
        }
    }
}

/// What a document was, once it was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    pub form: Form,
    pub region: Option<String>,
    pub sha256: [u8; 32],
}

/// One piece of a document, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub kind: PieceKind,
    /// A record's own text, a line, or a member as an object of one member.
    pub text: String,
    pub digests: Digests,
    pub category: Option<i64>,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PieceKind {
    CaseBegins,
    CaseEnds,
    Member,
    Record,
    Line,
}

impl PieceKind {
    const ALL: [Self; 5] = [Self::CaseBegins, Self::CaseEnds, Self::Member, Self::Record, Self::Line];

    const fn as_str(self) -> &'static str {
        match self {
            Self::CaseBegins => "case-begins",
            Self::CaseEnds => "case-ends",
            Self::Member => "member",
            Self::Record => "record",
            Self::Line => "line",
        }
    }
}

impl std::str::FromStr for PieceKind {
    type Err = ();
    fn from_str(word: &str) -> std::result::Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(())
    }
}

impl Piece {
    const fn is_record(&self) -> bool {
        matches!(self.kind, PieceKind::Record | PieceKind::Line)
    }
}

/// Begins a set.
///
/// # Errors
/// [`Refusal::Unfit`] for a name that is none.
pub(crate) fn begin(act: &Act<'_>, agency: &AgencyId, id: &SeizedSetId, name: &str) -> Result<()> {
    let name = name.trim();
    let letters = name.chars().count();
    if letters == 0 || letters > MOST_NAME_LETTERS || name.chars().any(char::is_control) {
        return Err(Refusal::Unfit { what: "name of the set" }.into());
    }
    let row = bind! {
        id: id.as_str(), agency: agency.as_str(), now: column::micros(act.now()), by: act.actor().text(),
        sealed_name: act.seal(act.house_key(), &name_at(id), name.as_bytes())?,
    };
    act.tx().execute(INSERT, &row)?;
    act.note(
        Event::of_house(EventKind::SeizedSetGrew)
            .to(id.as_str())
            .with(json!({ "agency": agency, "begun": true })),
    )?;
    Ok(())
}

/// Adds pieces to a set that is being read; the first one stands at this position.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not being read any more.
pub(crate) fn grow(
    act: &Act<'_>,
    agency: &AgencyId,
    id: &SeizedSetId,
    from: i64,
    pieces: &[Piece],
) -> Result<()> {
    let records = pieces.iter().filter(|piece| piece.is_record()).count() as u64;
    let without = pieces.iter().filter(|piece| piece.is_record() && piece.digests.is_empty()).count() as u64;
    let grown = bind! { id: id.as_str(), agency: agency.as_str(), records, without };
    if act.tx().execute(GROW, &grown)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let (set, mut rows, mut found) = (id.as_str(), Vec::with_capacity(pieces.len()), Vec::new());
    for (position, piece) in (from..).zip(pieces) {
        let row = row(id, position);
        let sealed_text = act.seal(act.house_key(), &text_at(&row), piece.text.as_bytes())?;
        let kind = piece.kind.as_str();
        rows.push(bind! { set, position, kind, category: piece.category, sealed_text });
        for (kind, digest) in piece.digests.all() {
            let digest = act.selector_digest(&marks::text(agency, kind, digest));
            found.push(bind! { agency: agency.as_str(), digest, set, position });
        }
    }
    act.tx().put_many(INSERT_PIECE, &rows)?;
    act.tx().put_many(INSERT_MARK, &found)?;
    let told = json!({ "agency": agency, "pieces": pieces.len(), "records": records });
    act.note(Event::of_house(EventKind::SeizedSetGrew).to(id.as_str()).with(told))?;
    Ok(())
}

/// The set was read to its end: from now on it counts.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not being read any more.
pub(crate) fn end(act: &Act<'_>, agency: &AgencyId, id: &SeizedSetId, ended: &Ended) -> Result<()> {
    let Ended { form, region, sha256 } = ended;
    let (form, region) = (form.as_str(), region.as_deref());
    let row = bind! {
        id: id.as_str(), agency: agency.as_str(), now: column::micros(act.now()), sha256: *sha256, form, region,
    };
    if act.tx().execute(END, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let told = json!({ "agency": agency, "form": form, "sha256": seal::hex(sha256) });
    act.note(Event::of_house(EventKind::SeizedSetTaken).to(id.as_str()).with(told))?;
    Ok(())
}

/// Removes a set with everything in it.
///
/// # Errors
/// [`Refusal::NotFound`] for another agency's, or one that is removed.
pub(crate) fn remove(act: &Act<'_>, agency: &AgencyId, id: &SeizedSetId) -> Result<()> {
    let row = bind! {
        id: id.as_str(), agency: agency.as_str(), now: column::micros(act.now()), by: act.actor().text(),
    };
    if act.tx().execute(REMOVE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    act.tx().execute(DROP_MARKS, &bind! { id: id.as_str() })?;
    act.tx().execute(DROP_PIECES, &bind! { id: id.as_str() })?;
    act.note(Event::of_house(EventKind::SeizedSetRemoved).to(id.as_str()).with(json!({ "agency": agency })))?;
    Ok(())
}

/// In which form a set came.
///
/// # Errors
/// [`Refusal::NotFound`] for another agency's, or one that was not taken whole.
pub(crate) fn form(view: &View<'_>, agency: &AgencyId, id: &SeizedSetId) -> Result<String> {
    let form: Option<String> = view.tx().find(FORM, &bind! { id: id.as_str(), agency: agency.as_str() })?;
    Ok(form.ok_or(Refusal::NotFound)?)
}

/// A copy of a set leaves the house for its agency, with so many bytes.
///
/// # Errors
/// As [`form`].
pub(crate) fn give(act: &Act<'_>, agency: &AgencyId, id: &SeizedSetId, bytes: u64) -> Result<()> {
    form(act, agency, id)?;
    let given = Event::of_house(EventKind::SeizedSetGiven).to(id.as_str()).taking(bytes);
    act.note(given.with(json!({ "agency": agency })))?;
    Ok(())
}

/// The sets of an agency, the newest first.
///
/// # Errors
/// A fault of the database.
pub(crate) fn list(view: &View<'_>, agency: &AgencyId) -> Result<Vec<SeizedSet>> {
    let rows: Vec<SetRow> = view.tx().rows(LIST, &bind! { agency: agency.as_str(), most: MOST_LISTED })?;
    let open = |row: SetRow| Ok(SeizedSet { name: name(view, &row.set.id, &row.sealed_name)?, ..row.set });
    rows.into_iter().map(open).collect()
}

/// Pieces of a set behind a position, in their order, each with its position.
///
/// # Errors
/// A fault of the database, or for what was changed.
pub(crate) fn pieces(
    view: &View<'_>,
    agency: &AgencyId,
    id: &SeizedSetId,
    after: i64,
    most: u32,
) -> Result<Vec<(i64, PieceKind, String)>> {
    let asked = bind! { id: id.as_str(), agency: agency.as_str(), after, most };
    let rows: Vec<PieceRow> = view.tx().rows(PIECES, &asked)?;
    let open = |PieceRow { position, kind, sealed_text }| {
        let row = row(id, position);
        let text = view.open_text(view.house_key(), &text_at(&row), &sealed_text)?;
        Ok((position, kind, text.into_inner()))
    };
    rows.into_iter().map(open).collect()
}

/// A set in which a digest stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub set: SeizedSetId,
    pub name: Private<String>,
    pub taken_at: Timestamp,
    pub category: Option<Category>,
}

/// The sets of an agency in which each of these digests stands, asked for together.
///
/// # Errors
/// A fault of the database.
pub(crate) fn seen(
    view: &View<'_>,
    agency: &AgencyId,
    texts: &[Vec<u8>],
    most: u32,
) -> Result<Vec<Vec<Hit>>> {
    let ask =
        |text: &Vec<u8>| (SEEN, bind! { agency: agency.as_str(), digest: view.selector_digest(text), most });
    let found: Vec<Vec<HitRow>> = view.tx().rows_all(&texts.iter().map(ask).collect::<Vec<_>>())?;
    let open = |row: HitRow| {
        let category = row.category.map(Category::of);
        let name = name(view, &row.set, &row.sealed_name)?;
        Ok(Hit { set: row.set, name, taken_at: row.taken_at, category })
    };
    found.into_iter().map(|rows| rows.into_iter().map(open).collect()).collect()
}

fn name(view: &View<'_>, id: &SeizedSetId, sealed: &[u8]) -> Result<Private<String>> {
    view.open_text(view.house_key(), &name_at(id), sealed)
}

fn name_at(id: &SeizedSetId) -> Place<'_> {
    Place { table: "seized_set", row: id.as_str().as_bytes(), column: "sealed_name" }
}

fn row(id: &SeizedSetId, position: i64) -> String {
    format!("{id}/{position}")
}

fn text_at(row: &str) -> Place<'_> {
    Place { table: "seized_piece", row: row.as_bytes(), column: "sealed_text" }
}

struct SetRow {
    set: SeizedSet,
    sealed_name: Vec<u8>,
}

impl FromRow for SetRow {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let set = SeizedSet {
            id: column::parsed(row, "id")?,
            name: Private::new(String::new()),
            form: row.get("form")?,
            region: row.get("region")?,
            begun_at: column::moment(row, "begun_at")?,
            begun_by: row.get("begun_by")?,
            taken_at: column::moment_option(row, "taken_at")?,
            sha256: row.get("sha256")?,
            records: row.get("records")?,
            without_digest: row.get("undigested")?,
            removed_at: column::moment_option(row, "removed_at")?,
        };
        Ok(Self { set, sealed_name: row.get("sealed_name")? })
    }
}

struct PieceRow {
    position: i64,
    kind: PieceKind,
    sealed_text: Vec<u8>,
}

impl FromRow for PieceRow {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            position: row.get("position")?,
            kind: column::parsed(row, "kind")?,
            sealed_text: row.get("sealed_text")?,
        })
    }
}

struct HitRow {
    set: SeizedSetId,
    sealed_name: Vec<u8>,
    taken_at: Timestamp,
    category: Option<i64>,
}

impl FromRow for HitRow {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            set: column::parsed(row, "id")?,
            sealed_name: row.get("sealed_name")?,
            taken_at: column::moment(row, "taken_at")?,
            category: row.get("category")?,
        })
    }
}
