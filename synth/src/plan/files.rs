//! The files of a report and what the provider says of each.

use domain::{
    FileId, FileStatement, MetadataGroup, MetadataPair, OriginalHash, Private, Relevance, ReportId, TriState,
};

use super::SyntheticFile;
use super::incident::{Draft, Kind};
use super::person::{given, said};
use crate::chance::Chance;
use crate::corpus::{self, CARDS, CHATS, CLIPS, LOADS};
use crate::shares::{self, FileKind, Shares};

/// Cards that many people share, at the end of the cards; the others are spread over the reports.
const KNOWN: usize = 32;
/// Files that a report may have before it takes those of its neighbours.
const BLOCK: usize = 8;

/// A file while its report is made.
#[derive(Debug, Clone)]
pub(super) struct FileDraft {
    pub corpus: usize,
    pub name: String,
    pub statement: FileStatement,
}

impl FileDraft {
    /// A file of the corpus of which nothing is said but its name.
    pub(super) fn plain(corpus: usize, name: &str) -> Self {
        let name = format!("{name}.{}", corpus::extension(corpus));
        let mut statement = blank();
        statement.original_name = said(name.clone());
        Self { corpus, name, statement }
    }

    /// Another name, on the wire and in the statement.
    pub(super) fn rename(&mut self, name: String) {
        self.statement.original_name = said(name.clone());
        self.name = name;
    }

    /// Another file of the corpus under the same name.
    pub(super) fn replace(&mut self, corpus: usize) {
        self.corpus = corpus;
        self.statement.original_hashes = hashes(corpus);
    }

    pub(super) fn annotate(&mut self, mark: &str) {
        if !self.statement.annotations.iter().any(|known| known == mark) {
            self.statement.annotations.push(mark.to_owned());
        }
    }

    pub(super) fn hand_over(self) -> SyntheticFile {
        let Self { corpus, name, statement } = self;
        let media_type = corpus::media_type(corpus);
        SyntheticFile { corpus, bytes: corpus::bytes(corpus), name, media_type, statement }
    }
}

/// Card number `n` of those that many people share.
pub(super) const fn known_card(n: usize) -> usize {
    CARDS.end - 1 - n % KNOWN
}

/// The files of a report.
pub(super) fn draw(draft: &Draft, kind: &Kind) -> Vec<FileDraft> {
    let mut chance = Chance::of(draft.plan.seed, "files", draft.index);
    let count = count(draft, kind, &mut chance);
    let mut files: Vec<FileDraft> = (0..count).map(|nth| reported(draft, kind, &mut chance, nth)).collect();
    // Where something was said, the export of it goes along.
    if kind.approaches_a_child && draft.plan.shares != Shares::Bench && chance.percent(40) {
        let chat = CHATS.start + draft.persona_position(CHATS.len());
        let mut export = FileDraft::plain(chat, "chat-export");
        export.statement.relevance = Relevance::Supplemental;
        files.push(export);
    }
    files
}

fn count(draft: &Draft, kind: &Kind, chance: &mut Chance) -> usize {
    let drawn = shares::file_count(chance, draft.plan.shares, draft.index);
    let drawn = usize::try_from(drawn).unwrap_or_default();
    if draft.plan.shares == Shares::Bench {
        return drawn;
    }
    if kind.is_empty() && !kind.generative {
        return 0;
    }
    // A mark on a file needs a file, and a batch is about one.
    if kind.users > 1 {
        1
    } else if kind.memes || kind.generative {
        drawn.max(1)
    } else {
        drawn
    }
}

fn reported(draft: &Draft, kind: &Kind, chance: &mut Chance, nth: usize) -> FileDraft {
    let at = pick(draft, kind, chance, nth);
    let mut file = FileDraft::plain(at, &format!("file-{:04}", 1 + nth));
    let statement = &mut file.statement;
    statement.viewed = chance.weighted(&[(45, TriState::Yes), (20, TriState::No), (35, TriState::Unknown)]);
    if statement.viewed.is_yes() && chance.percent(20) {
        statement.exif_viewed = TriState::Yes;
        statement.details = vec![exif()];
    }
    statement.public = chance.weighted(&[(20, TriState::Yes), (50, TriState::No), (30, TriState::Unknown)]);
    statement.original_hashes = if chance.percent(50) { hashes(at) } else { Vec::new() };
    if chance.percent(40) {
        statement.uploaded_at = Some(given(draft.happened));
    }
    if chance.percent(20) {
        let url = format!("https://{}/files/{}-{nth}", draft.provider().host, draft.index);
        statement.location = Some(Private::new(url));
    }
    if !kind.thin && chance.percent(40) {
        statement.ip_event = Some(draft.persona.upload(draft.happened));
    }
    marks(&mut file, kind, chance);
    file
}

/// Annotations and classification, as rare as they are.
fn marks(file: &mut FileDraft, kind: &Kind, chance: &mut Chance) {
    if kind.generative {
        file.annotate("generativeAi");
    }
    if kind.memes {
        file.annotate("potentialMeme");
        return;
    }
    if kind.incident_type.concerns_depictions && !kind.marked && chance.percent(20) {
        let class = chance.weighted(&[(1, "A1"), (3, "A2"), (4, "B1"), (12, "B2")]);
        file.statement.classification = Some(class.to_owned());
    }
    for (share, mark) in [
        (20_000, "viral"),
        (10_000, "possibleSelfProduction"),
        (2_000, "animeDrawingVirtualHentai"),
        (1_000, "physicalHarm"),
        (1_000, "liveStreaming"),
        (2_000, "infant"),
    ] {
        if chance.ppm(share) {
            file.annotate(mark);
        }
    }
}

/// Which file of the corpus it is. Neighbouring reports have different files, until the corpus comes round; some files
/// are known and come again and again.
fn pick(draft: &Draft, kind: &Kind, chance: &mut Chance, nth: usize) -> usize {
    let turn = usize::try_from(draft.index % (1 << 20)).unwrap_or_default();
    if draft.plan.shares == Shares::Bench {
        return LOADS.start + turn % LOADS.len();
    }
    let known = if draft.plan.shares == Shares::Demo { 4 } else { 20 };
    if kind.memes || chance.percent(known) {
        return known_card(chance.position(KNOWN).min(chance.position(KNOWN)));
    }
    let place = turn * BLOCK + nth;
    match shares::file_kind(chance) {
        FileKind::Image => CARDS.start + place % (CARDS.len() - KNOWN),
        FileKind::Video => CLIPS.start + place % CLIPS.len(),
        FileKind::Other => CHATS.start + place % CHATS.len(),
    }
}

fn hashes(corpus: usize) -> Vec<OriginalHash> {
    let digests = corpus::digests(corpus);
    let hash =
        |kind: &str, bytes: &[u8]| OriginalHash { kind: kind.to_owned(), value: seal::hex(bytes).into() };
    vec![hash("MD5", &digests.md5), hash("SHA1", &digests.sha1)]
}

fn exif() -> MetadataGroup {
    let pair =
        |name: &str, value: &str| MetadataPair { name: name.to_owned(), value: value.to_owned().into() };
    MetadataGroup {
        kind: Some("EXIF".to_owned()),
        pairs: vec![pair("Make", "Imaginary Optics"), pair("Model", "Test Card Camera")],
    }
}

/// A statement that says nothing; its two ids are replaced when the API has given some.
fn blank() -> FileStatement {
    FileStatement {
        report: ReportId::try_from(1).expect("1 is a report id"),
        file: FileId::from_random([0xaa; 16]),
        file_name: None,
        original_name: None,
        uploaded_at: None,
        location: None,
        viewed: TriState::Unknown,
        exif_viewed: TriState::Unknown,
        public: TriState::Unknown,
        relevance: Relevance::Reported,
        annotations: Vec::new(),
        classification: None,
        original_hashes: Vec::new(),
        ip_event: None,
        devices: Vec::new(),
        details: Vec::new(),
        additional: Vec::new(),
        unmodelled: Vec::new(),
    }
}
