//! A house with people, for tests of how they come in.

use domain::{Actor, AgencyClass, AgencyId, Id, PersonId, Private, Profile, ProviderId, Purpose};
use office::{Home, Person};
use policy::ViewerRole;
use store::agency::{self, Agency, Qualification};
use store::testing::{Plan, TestHouse};
use store::{person, provider};

pub fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test)
}

pub fn id(name: &str) -> PersonId {
    PersonId::parse(name).unwrap()
}

pub fn agency_id() -> AgencyId {
    AgencyId::parse("icac-us-mn").unwrap()
}

/// A house of a hotline with two people of its own, two of an agency and one of a provider.
pub async fn furnished(database: &database::Settings) -> TestHouse {
    let plan = Plan { profile: Profile::Hotline, database: Some(database.clone()), ..Plan::default() };
    let house = TestHouse::of(plan).await;
    let furnish = house.act(Actor::Operator, Purpose::Administration, "test::furnish", |act| {
        let one = ProviderId::parse("one").unwrap();
        provider::add(act, &one, "One")?;
        let qualification = Qualification {
            fact: "a test".to_owned(),
            verified_by: "a test".to_owned(),
            evidence: "none".to_owned(),
            until: None,
        };
        let agency = Agency {
            id: agency_id(),
            name: "An agency".to_owned(),
            class: AgencyClass::State,
            relationship: None,
            state: None,
            qualification: Some(qualification),
            disabled_at: None,
        };
        agency::put(act, &agency)?;
        for (name, home, role) in [
            ("officer", Home::Agency(agency_id()), ViewerRole::Investigator),
            ("chief", Home::Agency(agency_id()), ViewerRole::Commander),
            ("supervisor", Home::House, ViewerRole::Supervisor),
            ("counsel", Home::House, ViewerRole::Counsel),
            ("sender", Home::Provider(one), ViewerRole::ProviderAdmin),
        ] {
            let name = (id(name), Private::new(format!("Dull {name}")));
            person::add(act, &Person { id: name.0, home, role, name: name.1 })?;
        }
        Ok(())
    });
    furnish.await.unwrap();
    house
}
