//! What the address of the inbox asks for. Unknown words fall back to the first page of everything that is open, so that an
//! address that somebody kept still leads somewhere.

use domain::{Id as _, IncidentType, PersonId, Priority, ProviderId, Status};
use jiff::{SignedDuration, Timestamp};
use url::form_urlencoded::Serializer;
use workspace::inbox::{Holder, InboxQuery, Key, Question, Sort, Which};

use crate::cases::{Fields, said};

pub(super) const PATH: &str = "/agency/inbox";

/// Letters of a unit or a place that are read.
const MOST_LETTERS: usize = 120;

pub(super) const SORTS: [(&str, &str, Sort); 6] = [
    ("urgent", "Most urgent first", Sort::MostUrgent),
    ("newest", "Newest first", Sort::Newest),
    ("oldest", "Oldest first", Sort::Oldest),
    ("due", "Due first", Sort::Deadline),
    ("arrived", "Arrived last first", Sort::Arrived),
    ("changed", "Changed last first", Sort::Changed),
];

/// Who has what is shown, as an address says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Held {
    #[default]
    ByAnybody,
    ByMe,
    ByNobody,
    By(PersonId),
}

/// What is shown by its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Due {
    #[default]
    Whenever,
    /// It is over.
    Late,
    /// It is over within a day.
    Soon,
}

macro_rules! columns {
    ($($column:ident = $word:literal, $label:literal;)+) => {
        /// What can be shown of a report beside its number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Shown { $($column,)+ }

        impl Shown {
            /// Every column with its word and its label, in their order on the page.
            pub(super) const ALL: &'static [(Self, &'static str, &'static str)] =
                &[$((Self::$column, $word, $label),)+];
        }
    };
}

columns! {
    Status = "status", "Status";
    Priority = "priority", "Priority";
    Incident = "incident", "Incident";
    Received = "received", "Received";
    Arrived = "arrived", "Made available";
    Due = "due", "Due";
    Holder = "holder", "Assigned to";
    Unit = "unit", "Unit";
    Sender = "sender", "Sender";
    Place = "place", "Place";
    Files = "files", "Files";
    Basis = "basis", "Basis";
    Changed = "changed", "Last change";
}

/// What is shown where nobody chose.
const USUAL: [Shown; 8] = [
    Shown::Status,
    Shown::Priority,
    Shown::Incident,
    Shown::Received,
    Shown::Due,
    Shown::Holder,
    Shown::Sender,
    Shown::Files,
];

/// A question to the inbox, as an address writes it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    pub(super) sort: Sort,
    pub(super) which: Which,
    pub(super) held: Held,
    pub(super) unit: String,
    pub(super) priority: Option<Priority>,
    pub(super) incident_type: Option<String>,
    pub(super) provider: Option<ProviderId>,
    pub(super) place: String,
    pub(super) files: Option<bool>,
    /// The first day of receipt, as it was typed.
    pub(super) from: String,
    /// The last day of receipt.
    pub(super) to: String,
    pub(super) due: Due,
    pub(super) only_new: bool,
    pub(super) columns: Vec<Shown>,
    pub(super) after: Option<Key>,
}

impl Asked {
    pub(super) fn read(fields: &Fields) -> Self {
        let word = |name: &str| said(fields, name);
        let short = |name: &str| word(name).chars().take(MOST_LETTERS).collect::<String>();
        let day = |name: &str| office::day(word(name)).map(|_| word(name).to_owned()).unwrap_or_default();
        let chosen = |one: &&(Shown, &str, &str)| {
            fields.iter().any(|(name, value)| name == "column" && value == one.1)
        };
        let columns: Vec<Shown> = Shown::ALL.iter().filter(chosen).map(|(column, ..)| *column).collect();
        Self {
            sort: SORTS.iter().find(|(name, ..)| *name == word("sort")).map_or(Sort::MostUrgent, |one| one.2),
            which: match word("status") {
                "any" => Which::Any,
                status => status.parse().map_or(Which::Open, Which::Only),
            },
            held: match word("holder") {
                "" => Held::ByAnybody,
                "me" => Held::ByMe,
                "nobody" => Held::ByNobody,
                id => PersonId::parse(id).map_or(Held::ByAnybody, Held::By),
            },
            unit: short("unit"),
            priority: word("priority").parse().ok(),
            incident_type: IncidentType::find(word("type")).map(|kind| kind.key.clone()),
            provider: ProviderId::parse(word("provider")).ok(),
            place: short("place"),
            files: match word("files") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            from: day("from"),
            to: day("to"),
            due: match word("due") {
                "late" => Due::Late,
                "soon" => Due::Soon,
                _ => Due::Whenever,
            },
            only_new: word("new") == "yes",
            columns: if columns.is_empty() { USUAL.to_vec() } else { columns },
            after: word("after").parse().ok(),
        }
        .answered_so()
    }

    /// The page says the order in which it is answered: not every order fits every status.
    fn answered_so(self) -> Self {
        let query = InboxQuery { sort: self.sort, which: self.which, ..InboxQuery::default() };
        Self { sort: query.order(), ..self }
    }

    /// The same question as it is kept: a saved view, the way back from a form.
    pub(super) fn parse(question: &str) -> Self {
        Self::read(&url::form_urlencoded::parse(question.as_bytes()).into_owned().collect())
    }

    /// What is asked of the rows.
    pub(super) fn question(&self, me: &PersonId, now: Timestamp) -> Question {
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        let day = SignedDuration::from_hours(24);
        let query = InboxQuery {
            sort: self.sort,
            which: self.which,
            holder: match &self.held {
                Held::ByAnybody => None,
                Held::ByMe => Some(Holder::Person(me.clone())),
                Held::ByNobody => Some(Holder::Nobody),
                Held::By(person) => Some(Holder::Person(person.clone())),
            },
            unit: some(&self.unit),
            priority: self.priority,
            incident_type: self.incident_type.clone(),
            provider: self.provider.clone(),
            place: some(&self.place),
            has_files: self.files,
            since: office::day(&self.from),
            until: office::day(&self.to).and_then(|last| last.checked_add(day).ok()),
            due_until: match self.due {
                Due::Whenever => None,
                Due::Late => Some(now),
                Due::Soon => now.checked_add(day).ok(),
            },
            after: self.after,
            ..InboxQuery::default()
        };
        Question { query, only_new: self.only_new, naming: None }
    }

    /// The words of the question, without the page; what is usual is left out.
    pub(super) fn words(&self) -> String {
        let mut words = Serializer::new(String::new());
        for (name, value) in self.pairs() {
            if !value.is_empty() {
                words.append_pair(name, &value);
            }
        }
        if self.columns != USUAL {
            for (_, word, _) in Shown::ALL.iter().filter(|(column, ..)| self.columns.contains(column)) {
                words.append_pair("column", word);
            }
        }
        words.finish()
    }

    /// The address of the question's first page.
    pub(super) fn address(&self) -> String {
        match self.words() {
            words if words.is_empty() => PATH.to_owned(),
            words => format!("{PATH}?{words}"),
        }
    }

    /// The address of another page of it.
    pub(super) fn address_after(&self, after: Key) -> String {
        let joint = if self.words().is_empty() { "?" } else { "&" };
        format!("{}{joint}after={after}", self.address())
    }

    /// The same question in another order.
    pub(super) fn sorted(&self, sort: Sort) -> String {
        Self { sort, after: None, ..self.clone() }.address()
    }

    /// Whether anything but the usual is asked for.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.words().is_empty()
    }

    pub(super) fn sort_word(&self) -> &'static str {
        SORTS.iter().find(|(.., sort)| *sort == self.sort).map_or("urgent", |(word, ..)| word)
    }

    pub(super) fn status_word(&self) -> &'static str {
        match self.which {
            Which::Open => "",
            Which::Any => "any",
            Which::Only(status) => Status::as_str(status),
        }
    }

    pub(super) fn holder_word(&self) -> &str {
        match &self.held {
            Held::ByAnybody => "",
            Held::ByMe => "me",
            Held::ByNobody => "nobody",
            Held::By(person) => person.as_str(),
        }
    }

    pub(super) const fn files_word(&self) -> &'static str {
        match self.files {
            None => "",
            Some(true) => "yes",
            Some(false) => "no",
        }
    }

    pub(super) const fn due_word(&self) -> &'static str {
        match self.due {
            Due::Whenever => "",
            Due::Late => "late",
            Due::Soon => "soon",
        }
    }

    fn pairs(&self) -> [(&'static str, String); 13] {
        let sort = if self.sort == Sort::MostUrgent { "" } else { self.sort_word() };
        let provider = self.provider.as_ref().map(ToString::to_string);
        [
            ("sort", sort.to_owned()),
            ("status", self.status_word().to_owned()),
            ("holder", self.holder_word().to_owned()),
            ("unit", self.unit.clone()),
            ("priority", self.priority.map_or("", Priority::as_str).to_owned()),
            ("type", self.incident_type.clone().unwrap_or_default()),
            ("provider", provider.unwrap_or_default()),
            ("place", self.place.clone()),
            ("files", self.files_word().to_owned()),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("due", self.due_word().to_owned()),
            ("new", if self.only_new { "yes" } else { "" }.to_owned()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_back_from_its_own_address() {
        let asked = "sort=due&status=in-work&holder=me&unit=North+desk&priority=urgent&type=enticement&provider=examplechat\
            &place=Cook+County%2C+IL&files=yes&from=2026-01-02&to=2026-02-03&due=late&new=yes&column=status&column=place";
        let read = Asked::parse(asked);
        assert_eq!(Asked::parse(&read.words()), read);
        assert_eq!(read.words(), asked);
        assert_eq!((read.place.as_str(), read.columns.len()), ("Cook County, IL", 2));
    }

    #[test]
    fn unknown_words_fall_back_to_everything_that_is_open() {
        let read =
            Asked::parse("sort=x&status=x&priority=x&type=x&from=yesterday&files=x&after=x&column=x&y=z");
        assert_eq!((read.address().as_str(), read.is_narrowed()), (PATH, false));
        assert_eq!(read.columns, USUAL);
    }
}
