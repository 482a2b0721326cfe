//! Whether anything may be given to a vendor: contract and designation without a day of grace, the rest of
//! what it must show with as many as counsel set, and a list of its people, each of them cleared.

use domain::{VendorEvidence, VendorReach};
use jiff::{SignedDuration, Timestamp};

use crate::disclosure::{self, DataClass, Manner, Question, Recipient, Refused, Ruling, State};

/// Days of grace at most.
pub const MOST_GRACE_DAYS: u16 = 90;

/// What is on record of a vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorFacts {
    /// It was ended.
    pub ended: bool,
    /// Days after the end of what it shows in which it still receives.
    pub grace_days: u16,
    /// What shows that it may, the newest of each kind last.
    pub evidence: Vec<Shows>,
    /// Its people with access.
    pub people: Vec<Listed>,
}

/// A document, with its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shows {
    /// What it shows.
    pub kind: VendorEvidence,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// One of its people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// What they can come near.
    pub reaches: VendorReach,
    /// Until when they are cleared.
    pub cleared_until: Timestamp,
    /// Whether a subcontractor employs them.
    pub of_subcontractor: bool,
}

/// How a vendor stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Everything is shown.
    Good,
    /// Something is over, and data still flows until a moment.
    Grace(Timestamp, Vec<&'static str>),
    /// Nothing is given to it, for want of this.
    Blocked(Vec<&'static str>),
    /// It was ended.
    Ended,
}

impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Good => f.write_str("may receive"),
            Self::Grace(until, late) => write!(f, "in grace until {until}, over: {}", late.join("; ")),
            Self::Blocked(lacks) => write!(f, "receives nothing, lacks: {}", lacks.join("; ")),
            Self::Ended => f.write_str("ended"),
        }
    }
}

impl Standing {
    /// Whether anything may be given to it.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        matches!(self, Self::Good | Self::Grace(..))
    }
}

// What stands there for people who are not on record, or no longer cleared.
const NOBODY: &str = "somebody on the list of its people";
const UNCLEARED: &str = "clearance of each of its people";

/// How a vendor stands at a moment.
#[must_use]
pub fn standing(facts: &VendorFacts, at: Timestamp) -> Standing {
    if facts.ended {
        return Standing::Ended;
    }
    let (mut lacks, mut late, mut grace) = (Vec::new(), Vec::new(), Timestamp::MAX);
    let mut over = |says, ended: Option<Timestamp>, graced: bool| {
        let days = SignedDuration::from_hours(24 * i64::from(facts.grace_days));
        let until = ended.filter(|_| graced).and_then(|ended| ended.checked_add(days).ok());
        match until.filter(|until| at < *until) {
            Some(until) => {
                late.push(says);
                grace = grace.min(until);
            }
            None => lacks.push(says),
        }
    };
    for &kind in VendorEvidence::ALL {
        let is_needed =
            kind != VendorEvidence::Subcontract || facts.people.iter().any(|one| one.of_subcontractor);
        let newest = facts.evidence.iter().rfind(|one| one.kind == kind && one.from <= at);
        if is_needed && newest.is_none_or(|one| at >= one.until) {
            over(kind.says(), newest.map(|one| one.until), !kind.is_standing());
        }
    }
    if facts.people.is_empty() {
        over(NOBODY, None, false);
    }
    if let Some(first) = facts.people.iter().map(|one| one.cleared_until).min().filter(|until| at >= *until) {
        over(UNCLEARED, Some(first), true);
    }
    if !lacks.is_empty() {
        Standing::Blocked(lacks)
    } else if late.is_empty() {
        Standing::Good
    } else {
        Standing::Grace(grace, late)
    }
}

/// Whether a class of data may be given to a vendor as it stands, and in which form: the answer of the one place that is
/// asked about everything that leaves.
///
/// # Errors
/// Its refusal.
pub fn may_have(facts: &VendorFacts, data: DataClass, at: Timestamp) -> Result<Ruling, Refused> {
    let in_force = standing(facts, at).is_live();
    disclosure::may(&Question {
        recipient: Recipient::Vendor,
        data,
        manner: Manner::Hold,
        basis: None,
        ground: None,
        state: State { in_force, own: false, counsel: None, to_be_destroyed: false },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::Form;

    const NOW: Timestamp = Timestamp::constant(1_780_315_200, 0);
    const DAY: SignedDuration = SignedDuration::from_hours(24);
    const SECOND: SignedDuration = SignedDuration::from_secs(1);

    fn shows(kind: VendorEvidence) -> Shows {
        Shows { kind, from: NOW - DAY * 300, until: NOW + DAY * 60 }
    }

    fn vendor() -> VendorFacts {
        let reaches = VendorReach::Ciphertext;
        VendorFacts {
            ended: false,
            grace_days: 14,
            evidence: VendorEvidence::ALL.iter().copied().map(shows).collect(),
            people: vec![Listed { reaches, cleared_until: NOW + DAY * 60, of_subcontractor: false }],
        }
    }

    // PROVES: R-63 R-65
    #[test]
    fn what_is_over_blocks_to_the_second_and_only_what_is_no_contract_has_grace() {
        for &kind in VendorEvidence::ALL {
            let mut facts = vendor();
            facts.people[0].of_subcontractor = true;
            facts.people[0].cleared_until = NOW + DAY * 600;
            facts
                .evidence
                .iter_mut()
                .filter(|one| one.kind != kind)
                .for_each(|one| one.until = NOW + DAY * 600);
            let (end, grace) = (NOW + DAY * 60, NOW + DAY * 74);
            assert_eq!(standing(&facts, end - SECOND), Standing::Good, "{kind}");
            let after = if kind.is_standing() {
                Standing::Blocked(vec![kind.says()])
            } else {
                Standing::Grace(grace, vec![kind.says()])
            };
            assert_eq!(standing(&facts, end), after, "{kind}");
            assert_eq!(standing(&facts, end + SECOND), after, "{kind}");
            assert_eq!(standing(&facts, grace - SECOND).is_live(), !kind.is_standing(), "{kind}");
            assert_eq!(standing(&facts, grace), Standing::Blocked(vec![kind.says()]), "{kind}");
        }
    }

    // PROVES: R-63 R-64 R-65
    #[test]
    fn without_contract_designation_evidence_or_people_nothing_is_given() {
        assert_eq!(standing(&vendor(), NOW), Standing::Good);
        for &kind in VendorEvidence::ALL {
            let mut facts = vendor();
            facts.evidence.retain(|one| one.kind != kind);
            let needed = kind != VendorEvidence::Subcontract;
            assert_eq!(standing(&facts, NOW).is_live(), !needed, "{kind}");
            facts.people[0].of_subcontractor = true;
            assert!(!standing(&facts, NOW).is_live(), "{kind}");
            let mut early = vendor();
            early.evidence.iter_mut().filter(|one| one.kind == kind).for_each(|one| one.from = NOW + SECOND);
            assert_eq!(standing(&early, NOW).is_live(), !needed, "{kind}");
        }
        assert_eq!(
            standing(&VendorFacts { people: Vec::new(), ..vendor() }, NOW),
            Standing::Blocked(vec![NOBODY])
        );
        assert_eq!(standing(&VendorFacts { ended: true, ..vendor() }, NOW), Standing::Ended);
        let mut uncleared = vendor();
        uncleared.people[0].cleared_until = NOW - DAY * 15;
        assert_eq!(standing(&uncleared, NOW), Standing::Blocked(vec![UNCLEARED]));
    }

    // PROVES: R-63 R-64 R-66
    #[test]
    fn a_vendor_is_given_ciphertext_and_elements_and_never_a_tip_or_figures() {
        let ended = VendorFacts { ended: true, ..vendor() };
        for data in [DataClass::Depictions, DataClass::Words, DataClass::Elements, DataClass::TipsterIdentity]
        {
            assert!(may_have(&ended, data, NOW).is_err(), "{data:?}");
        }
        let form = |data| may_have(&vendor(), data, NOW).map(|ruling| ruling.form);
        assert_eq!(form(DataClass::Depictions), Ok(Form::Ciphertext));
        assert_eq!(form(DataClass::Words), Ok(Form::Ciphertext));
        assert_eq!(form(DataClass::Elements), Ok(Form::Whole));
        assert!(form(DataClass::TipsterIdentity).is_err());
    }
}
