//! Reports on their whole way, on both engines: from a provider's door to an officer's reading, with workers that are
//! killed, that race, and that meet agencies which may not receive.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

mod carried;
mod coverage;
mod destroyed;
mod elsewhere;
mod foreign;
mod intake;
mod killed;
mod mutation;
mod narrative;
mod purged;
mod quality;
mod recipients;
mod records;
mod restored;
mod switched;
mod together;
mod trips;
mod vendors;
mod whole;

use domain::{
    Actor, Address, AgencyId, CredentialId, GivenTime, Id, Incident, Involved, IpEvent, Person, PersonId,
    Private, Profile, ProviderId, Purpose, ReportId, Reporter, Role, Stage, Submission,
};
use pipeline::intake::{Login, PartHeaders, authenticate, begin_upload, finish};
use pipeline::{Tools, Viewer};
use policy::{RuleSet, ViewerRole};
use store::agency::{self, Agency, Qualification};
use store::testing::{Plan, TestHouse};
use store::{Act, House, delivery, document, health, number, provider, report};

/// Runs an async test on a runtime of its own, as the binary has one.
fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test)
}

const PASSWORD: &str = "a-secret-of-a-test";

/// A demonstration with one provider and every agency of the lists.
async fn furnished(database: &database::Settings) -> TestHouse {
    let database = Some(database.clone());
    furnished_as(Plan { profile: Profile::SyntheticDemo, database, ..Plan::default() }).await
}

async fn furnished_as(plan: Plan) -> TestHouse {
    let house = TestHouse::of(plan).await;
    let digest = house.secret_digest(PASSWORD.as_bytes());
    administer(&house, move |act| {
        provider::add(act, &dull(), "Dull Chat")?;
        for (name, may_update) in [("dull", true), ("dull-reader", false)] {
            let credential = provider::NewCredential {
                credential: CredentialId::parse(name).unwrap(),
                provider: dull(),
                username: name.to_owned(),
                secret_digest: digest,
                may_submit: may_update,
                may_update,
            };
            provider::add_credential(act, &credential)?;
        }
        for recipient in RuleSet::embedded().routing().directory().recipients() {
            agency::put(act, &registered(recipient, true))?;
        }
        Ok(())
    })
    .await;
    house
}

fn registered(recipient: &policy::Recipient, qualified: bool) -> Agency {
    let fact = Qualification {
        fact: "on the list of this demonstration".to_owned(),
        verified_by: "operator".to_owned(),
        evidence: "none: synthetic".to_owned(),
        until: None,
    };
    Agency::listed(recipient, qualified.then_some(fact))
}

async fn administer<F>(house: &House, work: F)
where
    F: FnMut(&Act<'_>) -> store::Result<()> + Send + 'static,
{
    house.act(Actor::Operator, Purpose::Administration, "test::administer", work).await.unwrap();
}

fn dull() -> ProviderId {
    ProviderId::parse("dull-chat").unwrap()
}

fn tools() -> Tools {
    Tools { atlas: atlas() }
}

/// Documentation addresses as if they were somewhere.
fn atlas() -> geo::Atlas {
    let table = "# clearinghouse ip-place table, as_of=2026-01-31, source=Example, licence=CC0-1.0\n\
        cidr,country,region,county_fips,county,city,latitude,longitude,asn,operator,network_kind\n\
        2001:db8:1::/48,US,IL,17031,Cook County,Chicago,,,64500,Example Fibre,access\n\
        2001:db8:2::/48,GB,,,,,,,64501,Example Mobile,access\n\
        2001:db8:3::/48,DE,,,,,,,64502,Example VPN,relay\n";
    let sha256 = seal::hex(&seal::sha256(table.as_bytes()));
    let hints = geo::Hints { name: "example-places", sha256: &sha256, ..geo::Hints::default() };
    geo::Atlas::from_imported(vec![
        geo::import(geo::Kind::IpPlace, table.as_bytes().to_vec(), &hints).unwrap(),
    ])
}

async fn login(house: &House) -> Login {
    authenticate(house, "dull", PASSWORD).await.unwrap()
}

fn officer(agency: &str) -> Viewer {
    let person = PersonId::parse("p-1").unwrap();
    Viewer::person(person, AgencyId::parse(agency).unwrap(), ViewerRole::Investigator, true).proved_anew(true)
}

/// A submission of one suspect, seen at an address.
fn submission(address: &str) -> Submission {
    let at = "2026-05-30T08:00:00Z";
    let moment = GivenTime { text: at.to_owned(), instant: at.parse().ok(), zone_unknown: false };
    let mut suspect = Involved::nobody(Role::Reported);
    suspect.account_id = Some(Private::new("user-77".to_owned()));
    suspect.ip_events = vec![IpEvent {
        address: Private::new(address.to_owned()),
        event: Some("Upload".to_owned()),
        at: Some(moment.clone()),
        possible_proxy: None,
        port: None,
    }];
    Submission {
        batched: None,
        incident: Incident {
            incident_type: "csam".to_owned(),
            platform: None,
            escalation: None,
            annotations: Vec::new(),
            occurred: moment,
            occurred_means: None,
        },
        details: Vec::new(),
        law_enforcement: None,
        reporter: Reporter::default(),
        people: vec![suspect],
        additional: Vec::new(),
        unmodelled: Vec::new(),
    }
}

/// A submission whose suspect lives in a state.
fn living_in(state: &str) -> Submission {
    let mut living = submission("2001:db8:9::1");
    let address =
        Address { state: Some(state.to_owned()), country: Some("US".to_owned()), ..Address::default() };
    living.people[0].person = Person { addresses: vec![address], ..Person::default() };
    living
}

/// A report that its provider finished, with one file.
async fn filed(house: &House, submission: Submission) -> ReportId {
    let login = login(house).await;
    let number = opened(house, &login, submission).await;
    let mut upload = begin_upload(house, &login, Some(number)).await.unwrap();
    upload.push(b"a dull test card".as_slice().into()).await.unwrap();
    upload.finish(&login, number, PartHeaders::default()).await.unwrap();
    assert_eq!(finish(house, &login, number).await.unwrap().len(), 1);
    number
}

/// A report that is open, without its way through the provider's language.
async fn opened(house: &House, login: &Login, submission: Submission) -> ReportId {
    let number = number::next(house).await.unwrap();
    let new = report::NewReport {
        report: number,
        provider: login.provider.clone(),
        credential: login.credential.clone(),
        urgent: submission.incident.escalation.is_some(),
        received: document::Received { body: b"<report/>".to_vec(), content_type: "text/xml".to_owned() },
        submission,
    };
    let opened = house.act(Actor::House, Purpose::Intake, "test::open", move |act| report::open(act, &new));
    opened.await.unwrap();
    number
}

async fn stage(house: &House, number: ReportId) -> Stage {
    house.read("test::stage", move |view| report::stage(view, number)).await.unwrap()
}

/// The agencies that have a report, in the order of their deliveries.
async fn holders(house: &House, number: ReportId) -> Vec<String> {
    let permit = policy::access::pipeline_read();
    let deliveries =
        house.read("test::holders", move |view| delivery::of_report(view, &permit, number)).await;
    deliveries.unwrap().into_iter().map(|delivery| delivery.agency.to_string()).collect()
}

async fn nobody_waits(house: &House) {
    let oldest = house.read("test::oldest", health::oldest_undelivered).await.unwrap();
    assert_eq!(oldest, None, "a finished report waits for its delivery");
}
