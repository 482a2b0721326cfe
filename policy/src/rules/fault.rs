//! Why a rule file is not taken. Rule files hold no private data, so their words may be repeated.

use domain::Profile;

/// A rule file that is not understood, or contradicts another.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {cause}")]
pub struct RuleFault {
    /// Which file, such as `triage/known-victim.toml`.
    pub file: String,
    /// What is wrong with it.
    pub cause: Cause,
}

impl RuleFault {
    pub(crate) fn new(file: &str, cause: Cause) -> Self {
        Self { file: file.to_owned(), cause }
    }
}

/// What is wrong with a rule file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// Not in one of the folders that rules have.
    #[error("not in a folder that rules have")]
    UnknownFolder,
    /// More files than a rule set may have.
    #[error("more than {0} rule files")]
    TooManyFiles(usize),
    /// Larger than a rule file may be.
    #[error("larger than {0} bytes")]
    TooLarge(usize),
    /// Not TOML, or keys and values that no rule has.
    #[error("not understood: {0}")]
    NotUnderstood(String),
    /// The file and its rule have different names.
    #[error("the rule is called {0:?}, not like its file")]
    NamedDifferently(String),
    /// Two rules with one name are in force at the same time.
    #[error("another rule of the same name is in force at the same time")]
    Twice,
    /// Ends before it begins.
    #[error("ends before it takes effect")]
    EndsBeforeStart,
    /// A rule without an example of it firing and one of it staying silent.
    #[error("needs one example that fires and one that does not")]
    NoExamples,
    /// A condition speaks of a fact that does not exist.
    #[error("there is no fact called {0:?}")]
    UnknownFact(String),
    /// A condition asks a fact what it cannot answer, such as a number of a word.
    #[error("the fact {fact:?} is {shape}, which cannot be asked that")]
    WrongQuestion {
        /// The fact.
        fact: String,
        /// What it holds.
        shape: &'static str,
    },
    /// Conditions nested deeper than people can follow.
    #[error("conditions are nested deeper than {0}")]
    TooDeep(usize),
    /// An example of the file comes out otherwise.
    #[error("example {example:?}: {found}")]
    ExampleFails {
        /// The example's name.
        example: String,
        /// What came out instead.
        found: String,
    },
    /// A weight that counts for nothing or for more than everything.
    #[error("the weight {0} is not 1 to 100")]
    Weight(u32),
    /// A sentence shows counts that the rule does not have, or hides those that it has.
    #[error("a rule with `of` says {{count}} and {{of}}, one without says neither")]
    Counts,
    /// An access policy, or the folder of them, lacks what it has to say.
    #[error("does not say its {0}")]
    NotSaid(&'static str),
    /// No retention schedule for this kind of house.
    #[error("no retention schedule for profile {0}; a real house brings its own")]
    NoSchedule(Profile),
    /// A schedule from before it had to say how long words stay.
    #[error(
        "the schedule for profile {0} does not say how long words stay; add the lines `[[class]]`, `name = \"words\"` and \
         `review_after_days = DAYS`, or `kept = {{ source = \"WHY\", as_of = \"YYYY-MM-DD\" }}` in place of the last"
    )]
    NoWords(Profile),
    /// No rule set for this kind of house on this day.
    #[error("no rule set is for profile {0} on {1}")]
    NoSet(Profile, jiff::civil::Date),
    /// The directory of recipients cannot be relied on.
    #[error("directory: {0}")]
    Directory(String),
}
