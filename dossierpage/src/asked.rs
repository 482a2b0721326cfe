//! What the address of an inbox asks for. Unknown words fall back to the first page of everything that is open, so that an
//! address that somebody kept still leads somewhere.

use domain::{BasisCode, Id as _, IncidentType, PersonId, Priority, ProviderId, Status, StatusReason};
use jiff::{SignedDuration, Timestamp};
use url::form_urlencoded::Serializer;
use workspace::inbox::{Holder, InboxQuery, Key, Question, Sort, Which};

/// The fields of a form, or of an address.
pub type Fields = Vec<(String, String)>;

/// What a field says; nothing where it is not there.
#[must_use]
pub fn said<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
}

/// Where the inbox is.
pub const PATH: &str = "/agency/inbox";

/// Letters of a unit or a place that are read.
const MOST_LETTERS: usize = 120;

/// Every order with its word and its label.
pub const SORTS: [(&str, &str, Sort); 6] = [
    ("urgent", "Most urgent first", Sort::MostUrgent),
    ("newest", "Newest first", Sort::Newest),
    ("oldest", "Oldest first", Sort::Oldest),
    ("due", "Due first", Sort::Deadline),
    ("arrived", "Arrived last first", Sort::Arrived),
    ("changed", "Changed last first", Sort::Changed),
];

/// Who has what is shown, as an address says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Held {
    /// Whoever, or nobody.
    #[default]
    ByAnybody,
    /// Whoever asks.
    ByMe,
    /// Nobody yet.
    ByNobody,
    /// This person.
    By(PersonId),
}

/// What is shown by its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Due {
    /// Late or not.
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
        pub enum Shown {
            $(#[doc = $label] $column,)+
        }

        impl Shown {
            /// Every column with its word and its label, in their order on the page.
            pub const ALL: &'static [(Self, &'static str, &'static str)] =
                &[$((Self::$column, $word, $label),)+];
        }
    };
}

columns! {
    Status = "status", "Status";
    Priority = "priority", "Priority";
    Advised = "advised", "Advised priority";
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
pub struct Asked {
    /// In which order.
    pub sort: Sort,
    /// How far the agency is.
    pub which: Which,
    /// Why it waits or was closed.
    pub reason: Option<StatusReason>,
    /// Who has it.
    pub held: Held,
    /// Which unit has it; nothing is any.
    pub unit: String,
    /// The priority that counts.
    pub priority: Option<Priority>,
    /// The priority that we advised.
    pub advised: Option<Priority>,
    /// The key of its incident type.
    pub incident_type: Option<String>,
    /// Who sent it.
    pub provider: Option<ProviderId>,
    /// Its place; nothing is any.
    pub place: String,
    /// With files, or without.
    pub files: Option<bool>,
    /// On which basis it is there.
    pub basis: Option<BasisCode>,
    /// When its sender finished it.
    pub received: Days,
    /// When it was made available.
    pub arrived: Days,
    /// When it was changed last.
    pub changed: Days,
    /// By its deadline.
    pub due: Due,
    /// Only what came since the last visit.
    pub only_new: bool,
    /// What is shown of each.
    pub columns: Vec<Shown>,
    /// Behind which row.
    pub after: Option<Key>,
}

/// Days as they were typed; nothing is no bound.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Days {
    /// The first.
    pub from: String,
    /// The last.
    pub to: String,
}

impl Days {
    fn read(fields: &Fields, (from, to): (&str, &str)) -> Self {
        let day = |name: &str| {
            let typed = said(fields, name);
            office::day(typed).map(|_| typed.to_owned()).unwrap_or_default()
        };
        Self { from: day(from), to: day(to) }
    }

    /// The beginning of the first day.
    fn since(&self) -> Option<Timestamp> {
        office::day(&self.from)
    }

    /// The last moment before the first day.
    fn after(&self) -> Option<Timestamp> {
        self.since()?.checked_sub(SignedDuration::from_micros(1)).ok()
    }

    /// The end of the last day.
    fn until(&self) -> Option<Timestamp> {
        office::day(&self.to)?.checked_add(SignedDuration::from_hours(24)).ok()
    }
}

impl Asked {
    /// What the fields of an address ask for.
    #[must_use]
    pub fn read(fields: &Fields) -> Self {
        let word = |name: &str| said(fields, name);
        let short = |name: &str| word(name).chars().take(MOST_LETTERS).collect::<String>();
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
            reason: word("reason").parse().ok(),
            held: match word("holder") {
                "" => Held::ByAnybody,
                "me" => Held::ByMe,
                "nobody" => Held::ByNobody,
                id => PersonId::parse(id).map_or(Held::ByAnybody, Held::By),
            },
            unit: short("unit"),
            priority: word("priority").parse().ok(),
            advised: word("advised").parse().ok(),
            incident_type: IncidentType::find(word("type")).map(|kind| kind.key.clone()),
            provider: ProviderId::parse(word("provider")).ok(),
            place: short("place"),
            files: match word("files") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            basis: word("basis").parse().ok().filter(|basis: &BasisCode| basis.is_of_delivery()),
            received: Days::read(fields, ("from", "to")),
            arrived: Days::read(fields, ("arrived-from", "arrived-to")),
            changed: Days::read(fields, ("changed-from", "changed-to")),
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

    /// The page says how it is answered: a reason is of one status, and not every order fits every status.
    fn answered_so(self) -> Self {
        let of = self.reason.and_then(|reason| Status::ALL.iter().find(|status| reason.is_of(**status)));
        let which = match (self.which, of) {
            (Which::Open | Which::Only(_), Some(status)) => Which::Only(*status),
            (which, _) => which,
        };
        let query = InboxQuery { sort: self.sort, which, ..InboxQuery::default() };
        Self { sort: query.order(), which, ..self }
    }

    /// The same question as it is kept: a saved view, the way back from a form.
    #[must_use]
    pub fn parse(question: &str) -> Self {
        Self::read(&url::form_urlencoded::parse(question.as_bytes()).into_owned().collect())
    }

    /// What is asked of the rows.
    #[must_use]
    pub fn question(&self, me: &PersonId, now: Timestamp) -> Question {
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        let day = SignedDuration::from_hours(24);
        let query = InboxQuery {
            sort: self.sort,
            which: self.which,
            reason: self.reason,
            holder: match &self.held {
                Held::ByAnybody => None,
                Held::ByMe => Some(Holder::Person(me.clone())),
                Held::ByNobody => Some(Holder::Nobody),
                Held::By(person) => Some(Holder::Person(person.clone())),
            },
            unit: some(&self.unit),
            priority: self.priority,
            advised: self.advised,
            basis: self.basis,
            incident_type: self.incident_type.clone(),
            provider: self.provider.clone(),
            place: some(&self.place),
            has_files: self.files,
            since: self.received.since(),
            until: self.received.until(),
            new_after: self.arrived.after(),
            available_until: self.arrived.until(),
            changed_after: self.changed.after(),
            changed_until: self.changed.until(),
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
    #[must_use]
    pub fn words(&self) -> String {
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
    #[must_use]
    pub fn address(&self) -> String {
        match self.words() {
            words if words.is_empty() => PATH.to_owned(),
            words => format!("{PATH}?{words}"),
        }
    }

    /// The address of another page of it.
    #[must_use]
    pub fn address_after(&self, after: Key) -> String {
        let joint = if self.words().is_empty() { "?" } else { "&" };
        format!("{}{joint}after={after}", self.address())
    }

    /// The same question in another order.
    #[must_use]
    pub fn sorted(&self, sort: Sort) -> String {
        Self { sort, after: None, ..self.clone() }.address()
    }

    /// Whether anything but the usual is asked for.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.words().is_empty()
    }

    /// The filters that are set: the name of the field of each, and what it says. Neither order nor columns are one.
    #[must_use]
    pub fn filters(&self) -> Vec<(&'static str, String)> {
        self.pairs().into_iter().filter(|(name, said)| *name != "sort" && !said.is_empty()).collect()
    }

    /// The same question without one filter. The reason goes with the status, which it would bring back.
    #[must_use]
    pub fn without(&self, filter: &str) -> Self {
        self.keeping(|name| name != filter && (name, filter) != ("reason", "status"))
    }

    /// Everything that is open, in the same order and with the same columns.
    #[must_use]
    pub fn unfiltered(&self) -> Self {
        self.keeping(|name| name == "sort")
    }

    fn keeping(&self, stays: impl Fn(&str) -> bool) -> Self {
        let words = self.words();
        let fields = url::form_urlencoded::parse(words.as_bytes()).into_owned();
        Self::read(&fields.filter(|(name, _)| name == "column" || stays(name)).collect())
    }

    /// The word of its order.
    #[must_use]
    pub fn sort_word(&self) -> &'static str {
        SORTS.iter().find(|(.., sort)| *sort == self.sort).map_or("urgent", |(word, ..)| word)
    }

    /// The word of its status.
    #[must_use]
    pub fn status_word(&self) -> &'static str {
        match self.which {
            Which::Open => "",
            Which::Any => "any",
            Which::Only(status) => Status::as_str(status),
        }
    }

    /// The word of whoever has it.
    #[must_use]
    pub fn holder_word(&self) -> &str {
        match &self.held {
            Held::ByAnybody => "",
            Held::ByMe => "me",
            Held::ByNobody => "nobody",
            Held::By(person) => person.as_str(),
        }
    }

    /// The word for with or without files.
    #[must_use]
    pub const fn files_word(&self) -> &'static str {
        match self.files {
            None => "",
            Some(true) => "yes",
            Some(false) => "no",
        }
    }

    /// The word of its deadline.
    #[must_use]
    pub const fn due_word(&self) -> &'static str {
        match self.due {
            Due::Whenever => "",
            Due::Late => "late",
            Due::Soon => "soon",
        }
    }

    fn pairs(&self) -> [(&'static str, String); 20] {
        let sort = if self.sort == Sort::MostUrgent { "" } else { self.sort_word() };
        let provider = self.provider.as_ref().map(ToString::to_string);
        [
            ("sort", sort.to_owned()),
            ("status", self.status_word().to_owned()),
            ("reason", self.reason.map_or("", StatusReason::as_str).to_owned()),
            ("holder", self.holder_word().to_owned()),
            ("unit", self.unit.clone()),
            ("priority", self.priority.map_or("", Priority::as_str).to_owned()),
            ("advised", self.advised.map_or("", Priority::as_str).to_owned()),
            ("type", self.incident_type.clone().unwrap_or_default()),
            ("provider", provider.unwrap_or_default()),
            ("place", self.place.clone()),
            ("files", self.files_word().to_owned()),
            ("basis", self.basis.map_or("", BasisCode::as_str).to_owned()),
            ("from", self.received.from.clone()),
            ("to", self.received.to.clone()),
            ("arrived-from", self.arrived.from.clone()),
            ("arrived-to", self.arrived.to.clone()),
            ("changed-from", self.changed.from.clone()),
            ("changed-to", self.changed.to.clone()),
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
        let asked = "sort=due&status=in-work&holder=me&unit=North+desk&priority=urgent&advised=routine&type=enticement\
            &provider=examplechat&place=Cook+County%2C+IL&files=yes&basis=G3B-STATE&from=2026-01-02&to=2026-02-03\
            &arrived-from=2026-01-03&arrived-to=2026-02-04&changed-from=2026-01-04&changed-to=2026-02-05&due=late&new=yes\
            &column=status&column=place";
        let read = Asked::parse(asked);
        assert_eq!(Asked::parse(&read.words()), read);
        assert_eq!(read.words(), asked);
        assert_eq!((read.place.as_str(), read.columns.len()), ("Cook County, IL", 2));
    }

    #[test]
    fn unknown_words_fall_back_to_everything_that_is_open() {
        let read = Asked::parse(
            "sort=x&status=x&priority=x&type=x&from=yesterday&files=x&after=x&column=x&y=z&reason=x&advised=x&basis=x\
            &basis=D5-NOTICE&arrived-to=x&changed-from=x",
        );
        assert_eq!((read.address().as_str(), read.is_narrowed()), (PATH, false));
        assert_eq!(read.columns, USUAL);
    }

    #[test]
    fn a_filter_is_taken_away_alone_or_with_all_others_and_order_and_columns_stay() {
        let asked = Asked::parse("sort=due&reason=duplicate&holder=me&to=2026-02-03&new=yes&column=place");
        let names: Vec<&str> = asked.filters().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["status", "reason", "holder", "to", "new"]);
        for name in names {
            let left = asked.without(name);
            assert!(left.filters().iter().all(|(other, _)| *other != name), "{name}: {}", left.words());
            assert!(left.filters().len() >= 3 && left.columns == asked.columns, "{name}: {}", left.words());
        }
        assert_eq!(asked.without("reason").status_word(), "closed", "the reason alone goes alone");
        assert_eq!(asked.without("status").reason, None, "it would ask for its status again");
        assert_eq!(
            Asked::parse("sort=due&holder=me&column=place").unfiltered().words(),
            "sort=due&column=place"
        );
    }

    #[test]
    fn a_reason_asks_for_the_status_that_it_is_of() {
        let which = |words: &str| Asked::parse(words).which;
        assert_eq!(which("reason=duplicate"), Which::Only(Status::Closed));
        assert_eq!(which("reason=awaits-agency&status=new"), Which::Only(Status::Waiting));
        assert_eq!(which("reason=duplicate&status=any"), Which::Any);
    }

    #[test]
    fn days_are_asked_for_from_their_beginning_to_their_end() {
        let asked = Asked::parse("arrived-from=2026-01-02&arrived-to=2026-01-03&changed-to=2026-01-04");
        let query = asked.question(&PersonId::parse("ann").unwrap(), Timestamp::UNIX_EPOCH).query;
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        assert_eq!(query.new_after, at("2026-01-01T23:59:59.999999Z"));
        assert_eq!(query.available_until, at("2026-01-04T00:00:00Z"));
        assert_eq!((query.changed_after, query.changed_until), (None, at("2026-01-05T00:00:00Z")));
    }
}
