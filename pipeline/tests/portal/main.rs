//! What the people of a provider may do, on both engines: an administrator more than a reporter, and nobody anything with
//! what is another provider's.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use cybertip::Profile as Schema;
use domain::{
    Actor, AgencyClass, AgencyId, CredentialId, GivenTime, Id, Incident, PersonId, Private, Profile,
    ProviderId, Purpose, Reporter, Submission,
};
use jiff::SignedDuration;
use pipeline::portal::{self, Answers, Contact, Member};
use pipeline::{Trouble, worker};
use policy::ViewerRole;
use store::agency::{self, Agency, Qualification};
use store::person::{self, Home, Person};
use store::provider;
use store::testing::{Plan, TestHouse};
use store::{Act, Refusal};
use testkit::both_engines;

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test)
}

fn provider_id(name: &str) -> ProviderId {
    ProviderId::parse(name).unwrap()
}

/// A demonstration with two providers, an administrator of each, a reporter of the first, and an officer.
async fn furnished(database: &database::Settings) -> TestHouse {
    let plan = Plan { profile: Profile::SyntheticDemo, database: Some(database.clone()), ..Plan::default() };
    let house = TestHouse::of(plan).await;
    let furnish = house.act(Actor::Operator, Purpose::Administration, "test::furnish", |act| {
        for name in ["one", "other"] {
            provider::add(act, &provider_id(name), name)?;
        }
        let agency = AgencyId::parse("icac-us-mn").unwrap();
        agency::put(act, &agency_of(&agency))?;
        join(act, "admin", Home::Provider(provider_id("one")), ViewerRole::ProviderAdmin)?;
        join(act, "reporter", Home::Provider(provider_id("one")), ViewerRole::ProviderReporter)?;
        join(act, "stranger", Home::Provider(provider_id("other")), ViewerRole::ProviderAdmin)?;
        join(act, "officer", Home::Agency(agency), ViewerRole::Commander)
    });
    furnish.await.unwrap();
    house
}

fn agency_of(id: &AgencyId) -> Agency {
    let fact = Qualification {
        fact: "a test".to_owned(),
        verified_by: "a test".to_owned(),
        evidence: "none".to_owned(),
        until: None,
    };
    Agency {
        id: id.clone(),
        name: "An agency".to_owned(),
        class: AgencyClass::State,
        relationship: None,
        state: None,
        qualification: Some(fact),
        disabled_at: None,
    }
}

/// Somebody with a link that is their own name.
fn join(act: &Act<'_>, name: &str, home: Home, role: ViewerRole) -> store::Result<()> {
    let id = PersonId::parse(name).unwrap();
    let until = act.now() + SignedDuration::from_hours(1);
    person::add(act, &Person { id: id.clone(), home, role, name: Private::new(format!("Dull {name}")) })?;
    person::add_link(act, &id, act.secret_digest(name.as_bytes()), until)
}

async fn entered(house: &TestHouse, name: &str) -> Member {
    let secret = portal::sign_in_with_link(house, name).await.unwrap();
    portal::member(house, &secret).await.unwrap()
}

fn is_nowhere<T>(answer: Result<T, Trouble>) -> bool {
    answer.err().is_some_and(|trouble| trouble.is_not_found())
}

fn contact() -> Contact {
    let words = |text: &str| Private::new(text.to_owned());
    Contact {
        mailing_address: words("1 Dull Street"),
        telephone: words("202-555-0100"),
        fax: words("none"),
        email: words("trust@one.example"),
        individual: words("Sam Placeholder"),
        role_mailbox: None,
        monthly_active_users: None,
    }
}

fn submission() -> Submission {
    let text = "2026-02-03T14:05:11Z".to_owned();
    Submission {
        batched: None,
        incident: Incident {
            incident_type: "enticement".to_owned(),
            platform: None,
            escalation: None,
            annotations: Vec::new(),
            occurred: GivenTime { instant: text.parse().ok(), zone_unknown: false, text },
            occurred_means: None,
        },
        details: Vec::new(),
        law_enforcement: None,
        reporter: Reporter::default(),
        people: Vec::new(),
        additional: Vec::new(),
        unmodelled: Vec::new(),
    }
}

both_engines! {
    fn a_link_of_an_officer_does_not_open_the_providers_door(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            assert!(is_nowhere(portal::sign_in_with_link(&house, "officer").await));
            assert!(is_nowhere(pipeline::sign_in_with_link(&house, "admin").await));
            let officer = pipeline::sign_in_with_link(&house, "officer").await.unwrap();
            assert!(is_nowhere(portal::member(&house, &officer).await));
        });
    }

    // PROVES: R-70
    fn whoever_only_watches_is_not_kept_signed_in(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let officer = pipeline::sign_in_with_link(&house, "officer").await.unwrap();
            house.advance(SignedDuration::from_mins(6));
            pipeline::watching(&house, &officer).await.unwrap();
            house.advance(SignedDuration::from_mins(6));
            // Twelve minutes without a request: the screen is locked, and the watcher with it.
            let refused = pipeline::session(&house, &officer).await.unwrap_err();
            assert_eq!(refused.refusal().map(|refused| refused.code()), Some("locked"));
            assert!(pipeline::watching(&house, &officer).await.is_err());
        });
    }

    fn a_reporter_does_not_change_what_is_the_administrators(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (admin, reporter) = (entered(&house, "admin").await, entered(&house, "reporter").await);
            assert!(is_nowhere(portal::add_credential(&house, &reporter).await));
            assert!(is_nowhere(portal::record_contact(&house, &reporter, contact()).await));
            portal::add_credential(&house, &admin).await.unwrap();
            let known = portal::credentials(&house, &reporter).await.unwrap().remove(0).credential;
            assert!(is_nowhere(portal::revoke_credential(&house, &reporter, known.clone()).await));
            assert!(is_nowhere(portal::rotate_credential(&house, &reporter, known.clone(), None).await));
            portal::revoke_credential(&house, &admin, known).await.unwrap();
        });
    }

    // PROVES: R-33
    fn nobody_reaches_what_is_another_providers(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (admin, stranger) = (entered(&house, "admin").await, entered(&house, "stranger").await);
            portal::add_credential(&house, &admin).await.unwrap();
            portal::record_contact(&house, &admin, contact()).await.unwrap();
            let form = portal::start_form(&house, &admin, Answers::new()).await.unwrap();
            let report = portal::open_report(&house, &admin, form, &submission(), Schema::Current).await.unwrap().report;

            let known: CredentialId = portal::credentials(&house, &admin).await.unwrap().remove(0).credential;
            assert!(portal::credentials(&house, &stranger).await.unwrap().is_empty());
            assert!(is_nowhere(portal::revoke_credential(&house, &stranger, known.clone()).await));
            assert!(is_nowhere(portal::rotate_credential(&house, &stranger, known, None).await));
            assert!(portal::contact_card(&house, &stranger).await.unwrap().in_force.is_none());
            assert!(is_nowhere(portal::contact_of_report(&house, &stranger, report).await));
            assert!(portal::forms(&house, &stranger).await.unwrap().is_empty());
            assert!(is_nowhere(portal::form(&house, &stranger, form).await));
            assert!(is_nowhere(portal::save_form(&house, &stranger, form, Answers::new()).await));
            assert!(is_nowhere(portal::discard_form(&house, &stranger, form).await));
            assert!(is_nowhere(portal::cancel_report(&house, &stranger, form, report).await));
            assert_eq!(portal::form_of_report(&house, &stranger, report).await.unwrap(), None);
            assert!(portal::file(&house, &stranger, form, report).await.is_err());
            // It is all still there for its own.
            assert_eq!(portal::form_of_report(&house, &admin, report).await.unwrap(), Some(form));
            assert!(portal::file(&house, &admin, form, report).await.is_ok());
        });
    }

    fn a_report_by_hand_is_stamped_like_any_other_and_its_form_is_gone(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (admin, reporter) = (entered(&house, "admin").await, entered(&house, "reporter").await);
            portal::record_contact(&house, &admin, contact()).await.unwrap();
            let form = portal::start_form(&house, &reporter, Answers::new()).await.unwrap();
            let opened = portal::open_report(&house, &reporter, form, &submission(), Schema::Current).await.unwrap();
            portal::file(&house, &reporter, form, opened.report).await.unwrap();
            let stamp = portal::contact_of_report(&house, &admin, opened.report).await.unwrap();
            assert_eq!(stamp.map(|stamp| stamp.version.version), Some(1));
            assert!(is_nowhere(portal::form(&house, &reporter, form).await));
            let key = house.read("test::key", move |view| view.report_key(form)).await;
            assert_eq!(key.err().and_then(|error| error.refusal()), Some(Refusal::Destroyed));
        });
    }

    fn the_sweep_destroys_forms_whose_time_is_over(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let reporter = entered(&house, "reporter").await;
            let form = portal::start_form(&house, &reporter, Answers::new()).await.unwrap();
            assert_eq!(worker::sweep(&house).await.unwrap(), 0);
            house.advance(SignedDuration::from_hours(24));
            assert_eq!(worker::sweep(&house).await.unwrap(), 1);
            let key = house.read("test::key", move |view| view.report_key(form)).await;
            assert_eq!(key.err().and_then(|error| error.refusal()), Some(Refusal::Destroyed));
        });
    }
}
