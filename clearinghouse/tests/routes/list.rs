//! The one list of routes: `docs/routes.md`. Suites walk it; another test holds it against the routers themselves.

use std::fmt;
use std::path::PathBuf;

/// What kind of answer a route gives, and so how it is dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// Pages with our own small scripts.
    Pages,
    /// Pages that never run a script.
    PlainPages,
    /// XML, JSON, archives.
    Machines,
    /// Styles, scripts, fonts, pictures of ours.
    Assets,
    /// What everybody may copy and keep: checkpoints and tiles of the ledger.
    PublicRecord,
    /// Renditions of files that a report holds, on an origin of their own.
    Media,
}

/// Who may get past the door of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callers {
    /// Whoever asks.
    Anybody,
    /// Whoever holds a link or an address that was made for once.
    Link,
    /// A provider's people, signed in.
    Provider,
    /// An agency's people, signed in.
    Agency,
    /// The clearinghouse's own people, signed in.
    Staff,
    /// A provider's client, by its credential.
    Credential,
    /// An agency's system, by its token.
    Token,
}

const ANSWERS: [(Answers, &str); 6] = [
    (Answers::Pages, "pages"),
    (Answers::PlainPages, "plain pages"),
    (Answers::Machines, "machines"),
    (Answers::Assets, "assets"),
    (Answers::PublicRecord, "public record"),
    (Answers::Media, "media"),
];

const CALLERS: [(Callers, &str); 7] = [
    (Callers::Anybody, "anybody"),
    (Callers::Link, "holder of a link"),
    (Callers::Provider, "provider"),
    (Callers::Agency, "agency"),
    (Callers::Staff, "staff"),
    (Callers::Credential, "credential"),
    (Callers::Token, "token"),
];

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// `GET`, `POST`, or `ANY`; a `GET` answers `HEAD` too.
    pub methods: Vec<String>,
    /// Its address, with the names of its things in braces.
    pub path: String,
    pub answers: Answers,
    pub callers: Callers,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (answers, callers) = (word(&ANSWERS, self.answers), word(&CALLERS, self.callers));
        write!(f, "| {} | `{}` | {answers} | {callers} |", self.methods.join(" "), self.path)
    }
}

fn word<T: PartialEq + Copy>(words: &[(T, &'static str)], of: T) -> &'static str {
    words.iter().find(|(one, _)| *one == of).expect("every kind has its word").1
}

fn read_word<T: Copy>(words: &[(T, &'static str)], text: &str) -> Option<T> {
    words.iter().find(|(_, word)| *word == text).map(|(one, _)| *one)
}

impl Line {
    fn read(text: &str) -> Option<Self> {
        let cells: Vec<&str> = text.split('|').map(str::trim).collect();
        let [_, methods, path, answers, callers, _] = cells[..] else { return None };
        let path = path.strip_prefix('`')?.strip_suffix('`')?;
        Some(Self {
            methods: methods.split(' ').map(str::to_owned).collect(),
            path: path.to_owned(),
            answers: read_word(&ANSWERS, answers).unwrap_or_else(|| panic!("{text}")),
            callers: read_word(&CALLERS, callers).unwrap_or_else(|| panic!("{text}")),
        })
    }

    /// Whether it takes this method.
    pub fn takes(&self, method: &str) -> bool {
        self.methods.iter().any(|one| one == method || one == "ANY")
    }

    /// Its address with `thing` in the place of every thing.
    pub fn with(&self, thing: &str) -> String {
        let filled = self.path.split('/').map(|part| if part.starts_with('{') { thing } else { part });
        filled.collect::<Vec<_>>().join("/")
    }

    /// Whether an address is one of this route.
    pub fn is_of(&self, address: &str) -> bool {
        let address = address.split(['?', '#']).next().unwrap_or_default();
        let (mut ours, mut theirs) = (self.path.split('/'), address.split('/'));
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(one), Some(_)) if one.starts_with("{*") => return true,
                (Some(one), Some(part)) if one == part || (one.starts_with('{') && !part.is_empty()) => {}
                _ => return false,
            }
        }
    }
}

/// Where the list stands.
pub fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/routes.md")
}

/// Every line of the list.
pub fn lines() -> Vec<Line> {
    let text = std::fs::read_to_string(file()).expect("the book has its list of routes");
    text.lines().filter_map(Line::read).collect()
}
