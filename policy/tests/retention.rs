//! The schedule of a house: which clocks it starts, what it must say of each class of data, and what it may not say.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use domain::Profile;
use policy::retention::{DATA_CLASSES, Stays, WORDS};
use policy::{Clocks, DestructionTimes, RuleFault, RuleSet, Texts};

fn clocks(finished_at: &str) -> Clocks {
    let schedule = RuleSet::embedded().schedule(Profile::SyntheticDemo).unwrap();
    schedule.clocks(finished_at.parse().unwrap())
}

/// The shipped rules with a schedule for hotlines, which says this and has these classes.
fn read(said: &str, classes: &str) -> Result<RuleSet, RuleFault> {
    let text = format!("profile = \"hotline\"\nsource = \"test\"\nremind_days = []\n{said}\n{classes}");
    Texts::shipped().with("retention/x.toml", Some(text)).read()
}

/// Every class, each with what is said of it.
fn classes(of: impl Fn(&str) -> String) -> String {
    DATA_CLASSES.iter().map(|name| format!("[[class]]\nname = \"{name}\"\n{}\n", of(name))).collect()
}

fn week(_: &str) -> String {
    "review_after_days = 7".to_owned()
}

// PROVES: R-46
#[test]
fn reminders_ring_90_30_and_7_days_before_the_preservation_ends() {
    let clocks = clocks("2026-11-24T12:00:00Z");
    assert_eq!(clocks.preserve_until, "2027-11-24T12:00:00Z".parse().unwrap());
    let days: Vec<String> = clocks.reminders.iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2027-08-26T12:00:00Z", "2027-10-25T12:00:00Z", "2027-11-17T12:00:00Z"]);
}

// PROVES: R-55
#[test]
fn every_class_of_data_has_a_review_or_a_dated_reason_to_be_kept() {
    let schedule = RuleSet::embedded().schedule(Profile::SyntheticDemo).unwrap();
    let clocks = clocks("2026-11-24T12:00:00Z");
    for wanted in DATA_CLASSES {
        let rings = clocks.reviews.iter().any(|review| review.class == *wanted);
        match schedule.classes().find(|(name, _)| name == wanted).unwrap().1 {
            // Words about the house's own acts are of no report, and go by the month.
            Stays::Days(_) => assert_eq!(rings, *wanted != WORDS, "{wanted}"),
            Stays::Kept(kept) => assert!(!rings && kept.source.contains("R-"), "{wanted}"),
        }
    }
}

// PROVES: R-55
#[test]
fn a_class_that_says_both_or_nothing_or_other_days_than_its_report_is_refused() {
    let said = |audit: &str, finding: u32| {
        let of = |name: &str| match name {
            "audit" => audit.to_owned(),
            "finding" => format!("review_after_days = {finding}"),
            other => week(other),
        };
        read("", &classes(of)).is_ok()
    };
    let kept = "kept = { source = \"R-76c\", as_of = \"2026-11-27\" }";
    assert!(said(kept, 7) && said("review_after_days = 7", 7));
    for wrong in ["", &format!("{kept}\nreview_after_days = 7"), &kept.replace("R-76c", " ")] {
        assert!(!said(wrong, 7), "{wrong:?}");
    }
    assert!(!said(kept, 6) && !said(kept, 8), "what was found out of a report goes with it");
}

// PROVES: R-55
#[test]
fn words_are_due_so_many_days_after_their_month_or_never() {
    let before = |of_words: &str| {
        let classes = classes(|name| if name == WORDS { of_words.to_owned() } else { week(name) });
        let rules = read("", &classes).unwrap();
        rules.schedule(Profile::Hotline).unwrap().words_due_before("2028-03-01T00:00:00Z".parse().unwrap())
    };
    assert_eq!(before("review_after_days = 1"), Some("2028-02-29T00:00:00Z".parse().unwrap()));
    assert_eq!(before("review_after_days = 4294967295"), Some(jiff::Timestamp::MIN));
    assert_eq!(before("kept = { source = \"R-76c\", as_of = \"2026-11-27\" }"), None);
}

// PROVES: R-52
#[test]
fn a_destruction_has_the_hours_of_the_schedule_and_a_day_where_it_says_nothing() {
    let times =
        |said: &str| Ok::<_, RuleFault>(read(said, &classes(week))?.schedule(Profile::Hotline)?.destruction);
    let hours = |times: DestructionTimes| (times.within().as_hours(), times.alarm_after().as_hours());
    assert_eq!(hours(times("").unwrap()), (24, 12));
    let said = "[destruction]\nwithin_hours = 8\nalarm_after_hours = 2";
    assert_eq!(hours(times(said).unwrap()), (8, 2));
    for wrong in [(0, 1), (8, 9), (8, 0), (169, 1)] {
        let said = format!("[destruction]\nwithin_hours = {}\nalarm_after_hours = {}", wrong.0, wrong.1);
        assert!(times(&said).is_err(), "{wrong:?}");
    }
}

// PROVES: R-55
#[test]
fn a_schedule_that_forgets_a_class_is_refused() {
    let refused = read("", "[[class]]\nname = \"report\"\nreview_after_days = 1\n").unwrap_err();
    assert!(refused.to_string().contains("retention/x.toml"), "{refused}");
}

// PROVES: R-55
#[test]
fn a_schedule_from_before_words_could_go_goes_on_and_lets_none_go_but_is_not_put_in_force_anew() {
    let words = format!("[[class]]\nname = \"{WORDS}\"\n{}\n", week(WORDS));
    let old = classes(week).replace(&words, "");
    let rules = read("", &old).unwrap();
    let schedule = rules.schedule(Profile::Hotline).unwrap();
    assert!(!schedule.speaks_of_words());
    assert_eq!(schedule.words_due_before("2028-03-01T00:00:00Z".parse().unwrap()), None);
    // Whatever changes another file of it, such as the end of a relaxation, can still be asked for.
    policy::check(&rules).unwrap();
    let refused = rules.is_whole().unwrap_err().to_string();
    for line in ["profile hotline", "`[[class]]`", "`name = \"words\"`", "`review_after_days = DAYS`"] {
        assert!(refused.contains(line), "{refused}");
    }
    // With exactly those lines it passes.
    read("", &(old + &words)).unwrap().is_whole().unwrap();
    assert!(
        read("", &classes(week).replace(&words, &words.repeat(2))).is_err(),
        "twice is refused as before"
    );
    for name in DATA_CLASSES.iter().filter(|name| **name != WORDS) {
        let class = format!("[[class]]\nname = \"{name}\"\n{}\n", week(name));
        assert!(read("", &classes(week).replace(&class, "")).is_err(), "{name}");
    }
}
