//! The gate against a second judgement, written by hand in another style, over everything that it can be asked.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use domain::{
    Actor, AgencyId, FileId, FileStatement, GroundId, Id, MetadataGroup, ReportId, TriState, ViewGround,
};
use jiff::{SignedDuration, Timestamp};
use policy::gate::{open, opening, opens_metadata};
use policy::ground::{RecordedGround, State};
use policy::processor::{DIGESTS, PACKAGE, Processor, RENDITION, Reads};
use policy::relaxation::{Relaxation, Which};
use policy::{FileFacts, Withheld};

const NOW: Timestamp = Timestamp::constant(1_780_315_200, 0);

fn statement(viewed: TriState, exif_viewed: TriState, public: TriState) -> FileStatement {
    let unsaid = FileStatement::about(report(7), file(0xab));
    FileStatement { viewed, exif_viewed, public, ..unsaid }
}

fn report(number: u64) -> ReportId {
    ReportId::try_from(number).unwrap()
}

fn file(byte: u8) -> FileId {
    FileId::from_random([byte; 16])
}

fn agency(name: &str) -> AgencyId {
    AgencyId::parse(name).unwrap()
}

// PROVES: R-14 R-19
#[test]
fn only_an_answer_on_the_block_itself_or_that_all_was_public_opens_exif() {
    let group = |kind: Option<&str>| MetadataGroup { kind: kind.map(str::to_owned), pairs: Vec::new() };
    for &viewed in TriState::ALL {
        for &exif_viewed in TriState::ALL {
            for &public in TriState::ALL {
                let statement = statement(viewed, exif_viewed, public);
                let answered = exif_viewed == TriState::Yes || public == TriState::Yes;
                for kind in [Some("EXIF"), Some("hash"), Some(""), Some("newer"), None] {
                    assert_eq!(opens_metadata(&statement, &group(kind)), answered, "{kind:?}");
                }
                assert!(opens_metadata(&statement, &group(Some("HASH"))));
            }
        }
    }
}

/// Whose ground it is, seen from the one who asks.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Whose {
    Own,
    AnotherAgencys,
    Siblings,
    AnotherReports,
    Houses,
}

const WHOSE: [Whose; 5] =
    [Whose::Own, Whose::AnotherAgencys, Whose::Siblings, Whose::AnotherReports, Whose::Houses];

/// Which agency asks; the house has none.
const ASKERS: [Option<&str>; 3] = [Some("own"), Some("another"), None];

/// A ground of a kind, in a state, of somebody.
fn recorded(kind: ViewGround, state: State, whose: Whose) -> RecordedGround {
    let hour = SignedDuration::from_hours(1);
    let past = NOW - hour;
    let mut ground = RecordedGround {
        id: GroundId::parse("g-1").unwrap(),
        kind,
        agency: match whose {
            Whose::Houses => None,
            Whose::AnotherAgencys => Some(agency("third")),
            _ => Some(agency("own")),
        },
        report: report(if whose == Whose::AnotherReports { 8 } else { 7 }),
        file: file(if whose == Whose::Siblings { 0xac } else { 0xab }),
        from: past,
        until: Some(NOW + hour),
        seconded_at: Some(past),
        revoked_at: None,
    };
    match state {
        State::Live => {}
        State::Waiting => ground.seconded_at = None,
        State::NotYet => ground.from = NOW + SignedDuration::from_secs(1),
        State::Expired => ground.until = Some(NOW),
        State::Revoked => ground.revoked_at = Some(past),
    }
    ground
}

/// One line for each way in, and nothing else opens.
fn by_hand(
    viewed: TriState,
    public: TriState,
    retained: bool,
    asker: Option<&str>,
    ground: Option<(ViewGround, State, Whose)>,
) -> Option<ViewGround> {
    match (retained, viewed, public, asker, ground) {
        (false, ..) => None,
        (_, TriState::Yes, ..) => Some(ViewGround::EspViewed),
        (_, _, TriState::Yes, ..) => Some(ViewGround::PubliclyAvailable),
        (_, _, _, Some("own"), Some((kind, State::Live, Whose::Own))) => match kind {
            ViewGround::EspViewed | ViewGround::PubliclyAvailable => None,
            kind => Some(kind),
        },
        (_, _, _, None, Some((ViewGround::Counsel, State::Live, Whose::Houses))) => Some(ViewGround::Counsel),
        // These two open without a second person, so nothing waits.
        (_, _, _, Some("own"), Some((ViewGround::Warrant, State::Waiting, Whose::Own))) => {
            Some(ViewGround::Warrant)
        }
        (_, _, _, Some("own"), Some((ViewGround::Consent, State::Waiting, Whose::Own))) => {
            Some(ViewGround::Consent)
        }
        _ => None,
    }
}

fn facts(
    viewed: TriState,
    public: TriState,
    retained: bool,
    asker: Option<&str>,
    grounds: Vec<RecordedGround>,
) -> FileFacts {
    let asker = asker.map(agency);
    let (report, file) = (report(7), file(0xab));
    let relaxations = Vec::new();
    FileFacts { report, file, viewed, public, retained, asker, at: NOW, grounds, matched: false, relaxations }
}

fn every_ground() -> Vec<Option<(ViewGround, State, Whose)>> {
    let mut all = vec![None];
    for &kind in ViewGround::ALL {
        for state in State::ALL {
            all.extend(WHOSE.map(|whose| Some((kind, state, whose))));
        }
    }
    all
}

// PROVES: R-14 R-17 R-19
#[test]
fn only_a_plain_yes_or_a_recorded_ground_opens_a_file() {
    let mut asked = 0;
    for &viewed in TriState::ALL {
        for &public in TriState::ALL {
            for retained in [true, false] {
                for asker in ASKERS {
                    for ground in every_ground() {
                        let grounds = ground.map(|(kind, state, whose)| recorded(kind, state, whose));
                        let facts = facts(viewed, public, retained, asker, grounds.into_iter().collect());
                        let opened = open(&facts, &Actor::House).map(|open| open.ground()).ok();
                        let hand = by_hand(viewed, public, retained, asker, ground);
                        assert_eq!(opened, hand, "{viewed} {public} {retained} {asker:?} {ground:?}");
                        asked += 1;
                    }
                }
            }
        }
    }
    assert_eq!(asked, 9 * 2 * 3 * (1 + ViewGround::ALL.len() * State::ALL.len() * WHOSE.len()));
}

// PROVES: R-17 R-19
#[test]
fn two_grounds_open_what_one_of_them_opens_and_nothing_more() {
    for first in every_ground() {
        for second in every_ground() {
            let grounds = [first, second];
            let grounds = grounds.iter().flatten().map(|&(kind, state, whose)| recorded(kind, state, whose));
            let both = facts(TriState::Unknown, TriState::No, true, Some("own"), grounds.collect());
            let alone = |ground| by_hand(TriState::Unknown, TriState::No, true, Some("own"), ground);
            assert_eq!(open(&both, &Actor::House).is_ok(), alone(first).or(alone(second)).is_some());
        }
    }
}

#[test]
fn a_file_that_stays_shut_says_what_has_become_of_its_ground() {
    let reasons = [
        (State::Waiting, Withheld::Waiting),
        (State::NotYet, Withheld::NotYet),
        (State::Expired, Withheld::Expired),
        (State::Revoked, Withheld::Revoked),
    ];
    for (state, reason) in reasons {
        let ground = recorded(ViewGround::Exigent, state, Whose::Own);
        let facts = facts(TriState::No, TriState::No, true, Some("own"), vec![ground]);
        assert_eq!(open(&facts, &Actor::House).unwrap_err(), reason);
    }
}

// PROVES: R-01
#[test]
fn bytes_that_were_not_kept_cannot_be_opened_on_any_ground() {
    let ground = recorded(ViewGround::Warrant, State::Live, Whose::Own);
    let facts = facts(TriState::Yes, TriState::Yes, false, Some("own"), vec![ground]);
    assert_eq!(open(&facts, &Actor::House).unwrap_err(), Withheld::NotRetained);
}

// PROVES: R-19a
#[test]
fn whatever_reads_a_files_contents_is_let_at_it_only_where_a_ground_opens_it() {
    let words = Processor::of_words("words");
    for (processor, needs) in [(DIGESTS, false), (words, false), (RENDITION, true), (PACKAGE, true)] {
        assert_eq!(processor.needs_view_ground(), needs, "{processor:?}");
        assert_eq!(processor.reads == Reads::Contents, needs);
        for &viewed in TriState::ALL {
            let facts = facts(viewed, TriState::Unknown, true, None, Vec::new());
            let admitted = processor.admit(&facts, &Actor::House).map(|open| open.is_some());
            let hand = match (needs, viewed) {
                (false, _) => Ok(false),
                (true, TriState::Yes) => Ok(true),
                (true, _) => Err(Withheld::NoGround),
            };
            assert_eq!(admitted, hand, "{processor:?} {viewed}");
        }
    }
}

/// A relaxation around now.
fn relaxation(files: Which, processor: &str, agencies: &[&str], house: bool) -> Relaxation {
    Relaxation {
        name: "relaxed".to_owned(),
        says: "s".to_owned(),
        source: "memo".to_owned(),
        files,
        processors: [processor.to_owned()].into(),
        agencies: agencies.iter().map(|name| agency(name)).collect(),
        house,
        from: NOW - SignedDuration::from_hours(1),
        until: NOW + SignedDuration::from_hours(1),
    }
}

// PROVES: R-17 R-19a
#[test]
fn a_relaxation_opens_what_it_names_to_whom_it_names_and_nothing_else() {
    for which in [Which::HashMatched, Which::Unanswered] {
        for processor in [RENDITION, PACKAGE] {
            for (agencies, house) in [(vec!["own"], false), (vec![], true), (vec!["own"], true)] {
                for &viewed in TriState::ALL {
                    for matched in [true, false] {
                        for asker in ASKERS {
                            for by in [RENDITION, PACKAGE] {
                                let mut facts = facts(viewed, TriState::No, true, asker, Vec::new());
                                facts.matched = matched;
                                facts.relaxations = vec![relaxation(which, processor.name, &agencies, house)];
                                let is_for = match asker {
                                    None => house,
                                    Some(name) => agencies.contains(&name),
                                };
                                let meant = match which {
                                    Which::HashMatched => matched,
                                    Which::Unanswered => viewed == TriState::Unknown,
                                };
                                let hand = match (viewed, is_for && meant && by == processor) {
                                    (TriState::Yes, _) => Some((ViewGround::EspViewed, None)),
                                    (_, true) => Some((ViewGround::Counsel, Some("relaxed".to_owned()))),
                                    (_, false) => None,
                                };
                                let found = opening(&facts, &by).ok().map(|one| (one.ground, one.relaxation));
                                assert_eq!(found, hand, "{which:?} {viewed} {matched} {asker:?} {by:?}");
                            }
                        }
                    }
                }
            }
        }
    }
}

// PROVES: R-17
#[test]
fn a_relaxation_opens_from_its_first_second_on_and_not_in_its_last() {
    let second = SignedDuration::from_secs(1);
    let one = relaxation(Which::Unanswered, "rendition", &["own"], false);
    let (from, until) = (one.from, one.until);
    for (at, opens) in [
        (from - second, false),
        (from, true),
        (until - second, true),
        (until, false),
        (until + second, false),
    ] {
        let mut facts = facts(TriState::Unknown, TriState::No, true, Some("own"), Vec::new());
        facts.at = at;
        facts.relaxations = vec![one.clone()];
        let opened = open(&facts, &Actor::House);
        assert_eq!(opened.is_ok(), opens, "{at}");
        assert!(opened.is_err() || opened.unwrap().relaxation() == Some("relaxed"));
    }
}
