//! Changes of rules, on both engines: what lies there decides nothing, two people decide, everybody changes in one moment.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use std::sync::atomic::{AtomicU64, Ordering};

use database::bind;
use domain::{Actor, ApprovalId, Id, PersonId, Private, Profile, Purpose};
use jiff::{SignedDuration, Timestamp};
use office::staff::Member;
use office::{Trouble, approval, staff};
use policy::{RuleSet, ViewerRole};
use rulebook::{
    LEAD, NotProposed, NotTakenUp, PROCESSORS, Relaxation, RuleSetId, Texts, Wanted, Which, begin,
    end_relaxation, examine, offer, propose, relax, replay_recent, standing, take_up,
};
use store::person::{self, Home, Person};
use store::session::{self, Entry};
use store::testing::{Plan, TestHouse};
use store::{EventKind as Kind, House, Refusal};
use testkit::both_engines;

const SECOND: SignedDuration = SignedDuration::from_secs(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test)
}

/// A house of this profile with a supervisor, two counsel and an auditor.
async fn furnished(profile: Profile, database: &database::Settings) -> TestHouse {
    let plan = Plan { profile, database: Some(database.clone()), ..Plan::default() };
    let house = TestHouse::of(plan).await;
    let furnish = house.act(Actor::Operator, Purpose::Administration, "test::furnish", |act| {
        for (name, role) in [
            ("supervisor", ViewerRole::Supervisor),
            ("counsel", ViewerRole::Counsel),
            ("other-counsel", ViewerRole::Counsel),
            ("auditor", ViewerRole::Auditor),
        ] {
            let (id, name) = (PersonId::parse(name).unwrap(), Private::new(format!("Dull {name}")));
            person::add(act, &Person { id, home: Home::House, role, name })?;
        }
        Ok(())
    });
    furnish.await.unwrap();
    house
}

/// Somebody in a session of theirs.
async fn member(house: &House, name: &'static str) -> Member {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let secret = format!("secret {} of {name}", NEXT.fetch_add(1, Ordering::Relaxed));
    let digest = house.secret_digest(secret.as_bytes());
    let id = PersonId::parse(name).unwrap();
    let started = house.act(Actor::Operator, Purpose::Access, "test::start", move |act| {
        session::start(act, &Entry::by_link(id.clone(), act.now()), digest)
    });
    started.await.unwrap();
    staff::member(house, &secret).await.unwrap()
}

/// The shipped rules for a hotline, with a schedule.
fn own() -> Texts {
    let schedule =
        Texts::shipped().get("retention/synthetic-demo.toml").unwrap().replace("synthetic-demo", "hotline");
    Texts::shipped().with("retention/hotline.toml", Some(schedule))
}

/// The same, with one rule of priority less.
fn next() -> Texts {
    own().with("triage/live-abuse.toml", None)
}

fn in_force() -> RuleSetId {
    RuleSet::id_in_force().clone()
}

fn wanted(texts: &Texts, starts_at: Option<Timestamp>) -> Wanted {
    Wanted { set: texts.id().unwrap(), starts_at, reason: "a test".to_owned() }
}

async fn agree(house: &House, name: &'static str, id: ApprovalId) -> Result<(), Trouble> {
    approval::approve(house, &member(house, name).await, id).await.map(drop)
}

fn refusal<T>(answer: Result<T, Trouble>) -> Option<Refusal> {
    answer.err().unwrap().refusal().copied()
}

both_engines! {
    // PROVES: R-01 R-25 R-85
    fn other_rules_decide_only_once_two_people_agreed_and_their_moment_has_come(scratch) {
        run(async {
            let house = furnished(Profile::Hotline, &scratch.settings).await;
            assert!(matches!(take_up(&house).await, Err(NotTakenUp::Unfounded)));
            begin(&house, &own()).await.unwrap();
            let (own_id, next_id) = (own().id().unwrap(), next().id().unwrap());
            assert_eq!((in_force(), house.leaves(Kind::RulesFounded).await), (own_id.clone(), 1));
            // Beginning again, with whatever lies on disk, changes nothing; an offer is told once and decides nothing.
            begin(&house, &next()).await.unwrap();
            offer(&house, &next()).await.unwrap();
            offer(&house, &next()).await.unwrap();
            take_up(&house).await.unwrap();
            assert_eq!((in_force(), house.leaves(Kind::RulesOffered).await), (own_id.clone(), 1));
            let auditor = member(&house, "auditor").await;
            let found = standing(&house, &auditor).await.unwrap();
            assert_eq!((found.in_force.set, found.offers[0].set.clone()), (own_id.clone(), next_id.clone()));
            let supervisor = member(&house, "supervisor").await;
            let id = propose(&house, &supervisor, wanted(&next(), None)).await.unwrap();
            assert_eq!(refusal(agree(&house, "supervisor", id.clone()).await), Some(Refusal::SamePerson));
            assert_eq!(refusal(agree(&house, "auditor", id.clone()).await), Some(Refusal::NotAllowed));
            agree(&house, "counsel", id.clone()).await.unwrap();
            assert_eq!(refusal(agree(&house, "counsel", id).await), Some(Refusal::Closed));
            assert_eq!(house.leaves(Kind::RulesAgreed).await, 1);
            // Every process has half a minute to hear of it, and then all change in the same second.
            house.advance(LEAD - SECOND);
            assert!(take_up(&house).await.unwrap().is_some());
            assert_eq!(in_force(), own_id);
            house.advance(SECOND);
            assert_eq!(take_up(&house).await.unwrap(), None);
            assert_eq!(in_force(), next_id);
            assert!(RuleSet::in_force().triage().all().all(|rule| rule.name != "live-abuse"));
            // A second process takes up the same, and a first start with other rules on disk too.
            begin(&house.twin(9).await, &own()).await.unwrap();
            assert_eq!(in_force(), next_id);
            testkit::tamper::is_found(scratch, &["rule_change", "rule_set"], async || house.wrong().await).await;
        });
    }

    // PROVES: R-85
    fn a_set_starts_on_its_day_and_going_back_is_the_same_act(scratch) {
        run(async {
            let house = furnished(Profile::Hotline, &scratch.settings).await;
            begin(&house, &own()).await.unwrap();
            offer(&house, &next()).await.unwrap();
            let counsel = member(&house, "counsel").await;
            let day = house.now() + DAY * 3;
            let id = propose(&house, &counsel, wanted(&next(), Some(day))).await.unwrap();
            agree(&house, "supervisor", id).await.unwrap();
            house.advance(DAY * 3 - SECOND);
            assert_eq!(take_up(&house).await.unwrap(), Some(day));
            assert_eq!(in_force(), own().id().unwrap());
            house.advance(SECOND);
            take_up(&house).await.unwrap();
            assert_eq!(in_force(), next().id().unwrap());
            let counsel = member(&house, "counsel").await;
            let back = propose(&house, &counsel, wanted(&own(), None)).await.unwrap();
            agree(&house, "supervisor", back).await.unwrap();
            house.advance(LEAD);
            take_up(&house).await.unwrap();
            assert_eq!(in_force(), own().id().unwrap());
            let known = standing(&house, &member(&house, "supervisor").await).await.unwrap();
            let sets: Vec<&RuleSetId> = known.changes.iter().map(|one| &one.change.set).collect();
            assert_eq!(sets, [&own().id().unwrap(), &next().id().unwrap(), &own().id().unwrap()]);
            assert_eq!(known.changes[0].agreed, Some(("Dull counsel".to_owned(), "Dull supervisor".to_owned())));
        });
    }

    fn what_was_compared_with_other_rules_must_be_asked_for_anew(scratch) {
        run(async {
            let house = furnished(Profile::Hotline, &scratch.settings).await;
            begin(&house, &own()).await.unwrap();
            let third = own().with("triage/seen-before.toml", None);
            for texts in [next(), third.clone()] {
                offer(&house, &texts).await.unwrap();
            }
            let counsel = member(&house, "counsel").await;
            let first = propose(&house, &counsel, wanted(&next(), None)).await.unwrap();
            let second = propose(&house, &counsel, wanted(&third, None)).await.unwrap();
            agree(&house, "supervisor", first).await.unwrap();
            assert_eq!(refusal(agree(&house, "supervisor", second).await), Some(Refusal::Conflict));
        });
    }

    // PROVES: R-01 R-55
    fn a_set_that_the_house_could_not_decide_by_is_never_asked_for(scratch) {
        run(async {
            let house = furnished(Profile::Hotline, &scratch.settings).await;
            begin(&house, &own()).await.unwrap();
            let counsel = member(&house, "counsel").await;
            let broken = own().with("triage/sextortion.toml", Some("nonsense = 1".to_owned()));
            let no_schedule = Texts::shipped();
            let set = |from: &str, profile: &str| {
                let text = format!("name = \"x\"\neffective_from = {from}\nprofiles = [\"{profile}\"]\nsource = \"s\"\n");
                own().with("set.toml", Some(text))
            };
            let (other, later) = (set("2020-01-01", "ncmec"), set("2099-01-01", "hotline"));
            for texts in [&broken, &no_schedule, &other, &later] {
                offer(&house, texts).await.unwrap();
            }
            let ask = async |texts: &Texts| propose(&house, &counsel, wanted(texts, None)).await.err().unwrap();
            assert!(matches!(ask(&broken).await, NotProposed::Unread(_)));
            assert!(matches!(ask(&no_schedule).await, NotProposed::Unread(_)));
            assert!(matches!(ask(&other).await, NotProposed::OtherProfile(_)));
            assert!(matches!(ask(&later).await, NotProposed::TooEarly(_)));
            assert!(matches!(ask(&own()).await, NotProposed::Same));
            let nothing = Wanted { reason: " ".to_owned(), ..wanted(&own(), None) };
            assert!(matches!(propose(&house, &counsel, nothing).await, Err(NotProposed::Reason)));
            let unknown = propose(&house, &counsel, wanted(&next(), None)).await.err().unwrap();
            assert!(matches!(unknown, NotProposed::Trouble(trouble) if trouble.is_not_found()));
        });
    }

    // PROVES: R-17 R-19a
    fn a_relaxation_is_asked_for_by_counsel_and_is_part_of_the_rules(scratch) {
        run(async {
            let house = furnished(Profile::Hotline, &scratch.settings).await;
            begin(&house, &own()).await.unwrap();
            let relaxation = Relaxation {
                name: "fifth-circuit".to_owned(),
                says: "Officers may see what its sender matched by a hash".to_owned(),
                source: "memorandum 26-7".to_owned(),
                files: Which::HashMatched,
                processors: [PROCESSORS[0].to_owned()].into(),
                agencies: [domain::AgencyId::parse("icac-us-tx").unwrap()].into(),
                house: false,
                from: house.now(),
                until: house.now() + DAY * 30,
            };
            let supervisor = member(&house, "supervisor").await;
            let refused = relax(&house, &supervisor, &relaxation, "a test".to_owned()).await.err().unwrap();
            assert!(matches!(refused, NotProposed::Trouble(trouble) if trouble.refusal() == Some(&Refusal::NotAllowed)));
            let counsel = member(&house, "counsel").await;
            let id = relax(&house, &counsel, &relaxation, "a test".to_owned()).await.unwrap();
            assert_eq!(refusal(agree(&house, "counsel", id.clone()).await), Some(Refusal::SamePerson));
            agree(&house, "other-counsel", id).await.unwrap();
            assert!(RuleSet::in_force().relaxations().all().is_empty());
            house.advance(LEAD);
            take_up(&house).await.unwrap();
            assert_eq!(RuleSet::in_force().relaxations().all(), std::slice::from_ref(&relaxation));
            let counsel = member(&house, "counsel").await;
            let end = end_relaxation(&house, &counsel, "fifth-circuit", "over".to_owned()).await.unwrap();
            agree(&house, "supervisor", end).await.unwrap();
            house.advance(LEAD);
            take_up(&house).await.unwrap();
            assert_eq!(in_force(), own().id().unwrap());
        });
    }

    fn rules_that_were_changed_where_they_lie_are_not_taken_up(scratch) {
        run(async {
            let house = furnished(Profile::Hotline, &scratch.settings).await;
            begin(&house, &own()).await.unwrap();
            offer(&house, &next()).await.unwrap();
            let counsel = member(&house, "counsel").await;
            let id = propose(&house, &counsel, wanted(&next(), None)).await.unwrap();
            agree(&house, "supervisor", id).await.unwrap();
            let forged = serde_json::to_string(&next().with("triage/sextortion.toml", None)).unwrap();
            let set = next().id().unwrap();
            let forge = house.act(Actor::Operator, Purpose::Administration, "test::forge", move |act| {
                const FORGE: &str = "-- test::forge
                    UPDATE rule_set SET texts = :texts WHERE id = :id";
                act.tx().execute(FORGE, &bind! { texts: forged.as_str(), id: set.as_str() })?;
                store::setting::put(act, "forged", "yes")
            });
            forge.await.unwrap();
            house.advance(LEAD);
            assert!(matches!(take_up(&house).await, Err(NotTakenUp::Store(store::Error::Fault(_)))));
            assert_eq!(in_force(), own().id().unwrap());
        });
    }

    fn a_synthetic_demo_takes_up_by_itself_what_it_has_not_seen_before(scratch) {
        run(async {
            let house = furnished(Profile::SyntheticDemo, &scratch.settings).await;
            let newer = Texts::shipped().with("triage/live-abuse.toml", None);
            begin(&house, &Texts::shipped()).await.unwrap();
            offer(&house, &newer).await.unwrap();
            take_up(&house).await.unwrap();
            assert_eq!(in_force(), newer.id().unwrap());
            // What it has seen before it does not go back to by itself.
            offer(&house, &Texts::shipped()).await.unwrap();
            take_up(&house).await.unwrap();
            assert_eq!(in_force(), newer.id().unwrap());
            assert_eq!(house.leaves(Kind::RulesAgreed).await, 1);
        });
    }

    fn who_oversees_the_rules_sees_what_differs_and_what_would_change(scratch) {
        run(async {
            let house = furnished(Profile::Hotline, &scratch.settings).await;
            begin(&house, &own()).await.unwrap();
            let less = next().with("access/keep-vendors.cedar", None);
            offer(&house, &less).await.unwrap();
            let auditor = member(&house, "auditor").await;
            let (now, then) = examine(&house, &auditor, less.id().unwrap()).await.unwrap();
            let names: Vec<String> = now.difference(&then).iter().map(|one| one.file.to_owned()).collect();
            assert_eq!(names, ["access/keep-vendors.cedar", "triage/live-abuse.toml"]);
            let replayed = replay_recent(&house, &auditor, less.id().unwrap()).await.unwrap();
            let lost: Vec<_> = replayed.rights.iter().map(|one| (one.who, one.may)).collect();
            assert_eq!(lost, [("counsel", "keep-vendors"), ("security-admin", "keep-vendors")]);
        });
    }
}
