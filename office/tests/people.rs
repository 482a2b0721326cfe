//! Who keeps whom: administrators of agencies and providers their own people and nobody else's, and nobody themself.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use domain::{Actor, AgencyClass, AgencyId, Gone, Id, PersonId, Private, Profile, ProviderId, Purpose};
use jiff::SignedDuration;
use office::accounts::{self, Proofed};
use office::{Home, Person, Trouble, people};
use policy::{Viewer, ViewerRole};
use store::agency::{self, Agency, Qualification};
use store::testing::{Plan, TestHouse};
use store::{Refusal, person, provider};
use testkit::both_engines;

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test)
}

fn id<T: Id>(name: &str) -> T {
    T::parse(name).unwrap_or_else(|_| panic!("{name} is an id"))
}

const AGENCIES: [&str; 2] = ["icac-us-mn", "icac-us-wi"];
const PROVIDERS: [&str; 2] = ["one", "two"];

/// A house with two agencies and two providers, each with an administrator and somebody else.
async fn furnished(database: &database::Settings) -> TestHouse {
    let plan = Plan { profile: Profile::Hotline, database: Some(database.clone()), ..Plan::default() };
    let house = TestHouse::of(plan).await;
    let furnish = house.act(Actor::Operator, Purpose::Administration, "test::furnish", |act| {
        let hire = |name: &str, home: Home, role| {
            let person = Person { id: id(name), home, role, name: Private::new(format!("Dull {name}")) };
            person::add(act, &person)
        };
        for name in AGENCIES {
            let word = || "a test".to_owned();
            let until = act.now().checked_add(DAY * 29).ok();
            let known = Qualification { fact: word(), verified_by: word(), evidence: word(), until };
            let agency = Agency {
                id: id(name),
                name: format!("Agency {name}"),
                class: AgencyClass::State,
                relationship: None,
                state: None,
                qualification: Some(known),
                disabled_at: None,
            };
            agency::put(act, &agency)?;
            hire(&format!("chief-{name}"), Home::Agency(id(name)), ViewerRole::Commander)?;
            hire(&format!("officer-{name}"), Home::Agency(id(name)), ViewerRole::Investigator)?;
        }
        for name in PROVIDERS {
            provider::add(act, &id(name), name)?;
            hire(&format!("admin-{name}"), Home::Provider(id(name)), ViewerRole::ProviderAdmin)?;
            hire(&format!("reporter-{name}"), Home::Provider(id(name)), ViewerRole::ProviderReporter)?;
        }
        hire("secadmin", Home::House, ViewerRole::SecurityAdmin)?;
        hire("analyst", Home::House, ViewerRole::Analyst)
    });
    furnish.await.unwrap();
    house
}

fn chief(agency: &str) -> Viewer {
    Viewer::person(id(&format!("chief-{agency}")), id::<AgencyId>(agency), ViewerRole::Commander, true)
}

fn admin(provider: &str) -> Viewer {
    Viewer::of_provider(
        id(&format!("admin-{provider}")),
        id::<ProviderId>(provider),
        ViewerRole::ProviderAdmin,
        true,
    )
}

fn proof(house: &TestHouse) -> Proofed {
    Proofed {
        document: Private::new("passport".to_owned()),
        seen_by: Private::new("Dull Sponsor".to_owned()),
        sha256: "ab".repeat(32),
        seen_at: house.now(),
    }
}

/// Everything that can be done about somebody, and which of it was refused how.
async fn everything(house: &TestHouse, viewer: &Viewer, whom: &str) -> Vec<Result<(), Trouble>> {
    let whom: PersonId = id(whom);
    vec![
        accounts::review(house, viewer, whom.clone()).await,
        accounts::train(house, viewer, whom.clone(), house.now()).await,
        accounts::ask_recovery(house, viewer, whom.clone(), proof(house)).await.map(drop),
        people::disable(house, viewer, whom, Gone::ByHand).await,
    ]
}

both_engines! {
    // PROVES: R-67 R-71
    fn administrators_keep_their_own_people_and_nobody_elses(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let cases = [
                (chief(AGENCIES[0]), vec!["officer-icac-us-wi", "chief-icac-us-wi", "reporter-one", "secadmin", "analyst"]),
                (admin(PROVIDERS[0]), vec!["reporter-two", "admin-two", "officer-icac-us-mn", "secadmin", "analyst"]),
            ];
            for (viewer, others) in &cases {
                for other in others {
                    for done in everything(&house, viewer, other).await {
                        assert!(done.unwrap_err().is_not_found(), "{viewer:?} {other}");
                    }
                }
                let home = people::home_of(viewer);
                assert_eq!(people::list(&house, viewer, home).await.unwrap().len(), 2);
                assert!(people::list(&house, viewer, Home::House).await.is_err());
            }
            for (viewer, own) in [(chief(AGENCIES[0]), "officer-icac-us-mn"), (admin(PROVIDERS[0]), "reporter-one")] {
                for done in everything(&house, &viewer, own).await {
                    done.unwrap();
                }
                assert!(people::list(&house, &viewer, people::home_of(&viewer)).await.unwrap().iter().any(|one| one.account.gone.is_some()));
            }
            // A reporter keeps nobody.
            let reporter = Viewer::of_provider(id("reporter-two"), id("two"), ViewerRole::ProviderReporter, true);
            assert!(!people::keeps_own(&reporter) && people::keeps_own(&admin(PROVIDERS[1])));
            assert!(people::list(&house, &reporter, Home::Provider(id("two"))).await.is_err());
        });
    }

    fn nobody_vouches_for_releases_or_switches_off_themself(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let me = Viewer::staff(id("secadmin"), ViewerRole::SecurityAdmin, true);
            let own = || id::<PersonId>("secadmin");
            let done = [
                accounts::review(&house, &me, own()).await,
                accounts::train(&house, &me, own(), house.now()).await,
                accounts::release(&house, &me, own()).await,
                people::disable(&house, &me, own(), Gone::ByHand).await,
            ];
            for one in done {
                assert_eq!(one.unwrap_err().refusal(), Some(&Refusal::SamePerson));
            }
        });
    }

    // PROVES: R-21 R-71
    fn what_ends_within_three_days_is_pressing_for_whoever_looks_after_it(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (chief, secadmin) = (chief(AGENCIES[0]), Viewer::staff(id("secadmin"), ViewerRole::SecurityAdmin, true));
            let supervisor = Viewer::staff(id("analyst"), ViewerRole::Supervisor, true);
            let whose = async |viewer: &Viewer| {
                let all = accounts::due(&house, viewer, people::home_of(viewer)).await.unwrap();
                all.into_iter().map(|one| one.whose).collect::<Vec<_>>()
            };
            // Agencies stand there from 30 days before, accounts from 14; a security administrator keeps no agencies.
            assert_eq!(whose(&chief).await, ["Agency icac-us-mn"]);
            assert_eq!(whose(&supervisor).await, ["Agency icac-us-mn", "Agency icac-us-wi"]);
            assert!(whose(&secadmin).await.is_empty());
            house.advance(DAY * 26 - SignedDuration::from_secs(1));
            assert!(!accounts::is_pressing(&house, &chief).await.unwrap());
            house.advance(SignedDuration::from_secs(1));
            assert!(accounts::is_pressing(&house, &chief).await.unwrap());
            assert!(!accounts::is_pressing(&house, &secadmin).await.unwrap());
            // Whoever keeps nobody is told nothing.
            let officer = Viewer::person(id("officer-icac-us-mn"), id("icac-us-mn"), ViewerRole::Investigator, true);
            assert!(!accounts::is_pressing(&house, &officer).await.unwrap());
            // 45 days without a sign-in end every account.
            house.advance(DAY * 16);
            assert!(accounts::is_pressing(&house, &secadmin).await.unwrap());
        });
    }
}
