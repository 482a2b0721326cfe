//! How a sandbox misbehaves when it is told to, by the command line for every so-manieth request or by a header for one.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cybertip::response::{Family, ResponseCode};
use http::StatusCode;

/// The header that asks for faults on its own request, several with commas between them.
pub const FAULT_HEADER: &str = "sandbox-fault";
/// How long `slow` waits at most.
pub const MOST_SLOW: Duration = Duration::from_secs(60);
/// Faults that one header may ask for.
const MOST_FAULTS: usize = 8;

/// Every kind, as it is written, with what it does. The book's table is held against this one.
pub const KINDS: [(&str, &str); 16] = [
    ("1000", "answers server error; nothing was done"),
    ("1100", "answers save failed; nothing was done"),
    ("1110", "answers upload failed; nothing was done"),
    ("1111", "answers file upload failed; nothing was done"),
    ("1210", "answers resource not found; nothing was done"),
    ("1300", "answers update failed; nothing was done"),
    ("slow=SECONDS", "waits up to 60 seconds, then does and answers what was asked"),
    ("lost-answer", "does what was asked, durably, then cuts the connection instead of answering"),
    (
        "expire-now",
        "does and answers what was asked, then expires the report: keys destroyed, 5001 from then on",
    ),
    ("401", "answers as to wrong credentials; nothing was done"),
    ("rate-limited", "answers as the house does to a credential that asks too fast; nothing was done"),
    (
        "429",
        "answers too many requests as a proxy would, without XML and with a time to come back; nothing was done",
    ),
    ("500", "answers internal server error as a proxy would, without XML; nothing was done"),
    ("502", "the same with bad gateway"),
    ("503", "the same with service unavailable and a time to come back"),
    ("504", "the same with gateway timeout"),
];

/// One way to misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A documented code of the server's own trouble.
    Code(ResponseCode),
    /// A status of whatever stands in front of a server.
    Status(StatusCode),
    /// Wrong credentials, whatever was sent.
    Unauthenticated,
    /// Too many requests of this credential.
    RateLimited,
    /// Late.
    Slow(Duration),
    /// Done, and not answered.
    LostAnswer,
    /// Done, and the report is gone after it.
    ExpireNow,
}

/// A fault that there is not, with the list of those that there are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no such fault; known are {}", known())]
pub struct UnknownFault;

fn known() -> String {
    KINDS.map(|(word, _)| word).join(", ")
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(word: &str) -> Result<Self, UnknownFault> {
        let word = word.trim();
        if let Some(seconds) = word.strip_prefix("slow=") {
            let seconds: u64 = seconds.parse().map_err(|_| UnknownFault)?;
            let wait = Duration::from_secs(seconds);
            return if wait <= MOST_SLOW { Ok(Self::Slow(wait)) } else { Err(UnknownFault) };
        }
        match word {
            "lost-answer" => Ok(Self::LostAnswer),
            "expire-now" => Ok(Self::ExpireNow),
            "401" => Ok(Self::Unauthenticated),
            "rate-limited" => Ok(Self::RateLimited),
            "429" | "500" | "502" | "503" | "504" => word.parse().map(Self::Status).map_err(|_| UnknownFault),
            number => number
                .parse()
                .ok()
                .and_then(ResponseCode::find)
                .filter(|code| code.family() == Family::Server)
                .map(Self::Code)
                .ok_or(UnknownFault),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{}", code.number()),
            Self::Status(status) => write!(f, "{}", status.as_u16()),
            Self::Unauthenticated => f.write_str("401"),
            Self::RateLimited => f.write_str("rate-limited"),
            Self::Slow(wait) => write!(f, "slow={}", wait.as_secs()),
            Self::LostAnswer => f.write_str("lost-answer"),
            Self::ExpireNow => f.write_str("expire-now"),
        }
    }
}

/// The faults that a header asks for.
pub(super) fn of_header(value: &str) -> Result<Vec<Fault>, UnknownFault> {
    let faults: Vec<Fault> =
        value.split(',').take(MOST_FAULTS + 1).map(str::parse).collect::<Result<_, _>>()?;
    if faults.len() > MOST_FAULTS { Err(UnknownFault) } else { Ok(faults) }
}

/// The endpoints of `/ispws` by their last word.
const ENDPOINTS: [&str; 7] = ["status", "xsd", "submit", "upload", "fileinfo", "finish", "retract"];

/// A fault for every n-th request, to one endpoint or to all: `KIND[:every N][:on ENDPOINT]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    fault: Fault,
    every: NonZeroU64,
    on: Option<&'static str>,
}

/// A rule that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRule {
    /// The fault is unknown.
    #[error(transparent)]
    Unknown(#[from] UnknownFault),
    /// What follows the fault is neither of the two.
    #[error("after the fault stand `:every N` and `:on ENDPOINT`, with an endpoint of {}", ENDPOINTS.join(", "))]
    Clause,
}

impl FromStr for Rule {
    type Err = InvalidRule;

    fn from_str(text: &str) -> Result<Self, InvalidRule> {
        let mut clauses = text.split(':');
        let fault = clauses.next().unwrap_or_default().parse()?;
        let mut rule = Self { fault, every: NonZeroU64::MIN, on: None };
        for clause in clauses {
            let (word, value) = clause.trim().split_once([' ', '=']).ok_or(InvalidRule::Clause)?;
            let value = value.trim();
            match word {
                "every" => rule.every = value.parse().map_err(|_| InvalidRule::Clause)?,
                "on" => {
                    let known = ENDPOINTS.into_iter().find(|endpoint| *endpoint == value);
                    rule.on = Some(known.ok_or(InvalidRule::Clause)?);
                }
                _ => return Err(InvalidRule::Clause),
            }
        }
        Ok(rule)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.fault)?;
        if self.every > NonZeroU64::MIN {
            write!(f, ":every {}", self.every)?;
        }
        self.on.map_or(Ok(()), |endpoint| write!(f, ":on {endpoint}"))
    }
}

/// A rule at work: it counts the requests that it is about.
pub(super) struct Armed {
    pub rule: Rule,
    seen: AtomicU64,
}

impl Armed {
    pub fn new(rule: Rule) -> Self {
        Self { rule, seen: AtomicU64::new(0) }
    }

    /// The fault, when this request is the one.
    pub fn strikes(&self, endpoint: &str) -> Option<Fault> {
        if self.rule.on.is_some_and(|on| on != endpoint) {
            return None;
        }
        let count = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        count.is_multiple_of(self.rule.every.get()).then_some(self.rule.fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_kind_is_understood_and_every_server_code_is_listed() {
        for (word, _) in KINDS {
            let word = word.replace("SECONDS", "60");
            assert!(word.parse::<Fault>().is_ok(), "{word}");
        }
        for code in ResponseCode::ALL.iter().filter(|code| code.family() == Family::Server) {
            assert!(KINDS.iter().any(|(word, _)| *word == code.number().to_string()), "{code:?}");
        }
    }

    #[test]
    fn an_unknown_fault_is_refused_with_the_list() {
        for word in ["", "4100", "0", "slow", "slow=61", "slow=-1", "sloth", "505"] {
            let said = word.parse::<Fault>().unwrap_err().to_string();
            assert!(said.contains("lost-answer") && said.contains("1300"), "{said}");
        }
        assert!(of_header(&["1000"; 9].join(",")).is_err());
        assert_eq!(of_header("slow=2, lost-answer").unwrap().len(), 2);
    }

    #[test]
    fn a_rule_strikes_every_nth_request_to_its_endpoint() {
        let armed = Armed::new("lost-answer:every 3:on submit".parse().unwrap());
        let struck: Vec<bool> = (0..6).map(|_| armed.strikes("submit").is_some()).collect();
        assert_eq!(struck, [false, false, true, false, false, true]);
        assert_eq!(armed.strikes("finish"), None);
        assert_eq!(armed.rule.to_string(), "lost-answer:every 3:on submit");
        for wrong in ["1000:every 0", "1000:sometimes", "1000:on desk", "1000:every"] {
            assert_eq!(wrong.parse::<Rule>(), Err(InvalidRule::Clause), "{wrong}");
        }
    }
}
