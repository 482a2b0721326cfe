//! What the examples that measure share: a house with a provider, its people and reports in it.

use domain::{
    Actor, CredentialId, GivenTime, Id, Incident, PersonId, Private, ProviderId, Purpose, ReportId, Reporter,
    Submission,
};
use pipeline::intake::{Login, authenticate};
use policy::ViewerRole;
use store::person::{self, Home, Person};
use store::{Act, House, document, number, provider, report};

pub async fn act<T: Send + 'static>(
    house: &House,
    work: impl FnMut(&Act<'_>) -> store::Result<T> + Send + 'static,
) -> T {
    house.act(Actor::House, Purpose::Retention, "bench::act", work).await.unwrap()
}

/// A provider with a credential, a supervisor and counsel.
pub async fn furnished(house: &House) -> Login {
    let digest = house.secret_digest(b"a-secret-of-a-bench");
    act(house, move |act| {
        let provider = ProviderId::parse("dull-chat").unwrap();
        provider::add(act, &provider, "Dull Chat")?;
        let credential = provider::NewCredential {
            credential: CredentialId::parse("dull").unwrap(),
            provider,
            username: "dull".to_owned(),
            secret_digest: digest,
            may_submit: true,
            may_update: true,
        };
        provider::add_credential(act, &credential)?;
        for (id, role) in [("supervisor", ViewerRole::Supervisor), ("counsel", ViewerRole::Counsel)] {
            let id = PersonId::parse(id).unwrap();
            person::add(act, &Person { id, home: Home::House, role, name: Private::new("Dull".to_owned()) })?;
        }
        Ok(())
    })
    .await;
    authenticate(house, "dull", "a-secret-of-a-bench").await.unwrap()
}

/// An open report that says as little as one can.
pub async fn opened(house: &House, login: &Login) -> ReportId {
    let number = number::next(house).await.unwrap();
    let at = GivenTime { text: "2026-05-30T08:00:00Z".to_owned(), instant: None, zone_unknown: false };
    let incident = Incident {
        incident_type: "csam".to_owned(),
        platform: None,
        escalation: None,
        annotations: Vec::new(),
        occurred: at,
        occurred_means: None,
    };
    let submission = Submission {
        batched: None,
        incident,
        details: Vec::new(),
        law_enforcement: None,
        reporter: Reporter::default(),
        people: Vec::new(),
        additional: Vec::new(),
        unmodelled: Vec::new(),
    };
    let new = report::NewReport {
        report: number,
        provider: login.provider.clone(),
        credential: login.credential.clone(),
        urgent: false,
        received: document::Received { body: b"<report/>".to_vec(), content_type: "text/xml".to_owned() },
        submission,
    };
    act(house, move |act| report::open(act, &new)).await;
    number
}
