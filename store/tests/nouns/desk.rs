//! A house with two providers and four agencies, and the few moves that most tests begin with.

use std::sync::atomic::{AtomicU8, Ordering};

use database::Settings;
use domain::{
    Actor, AgencyClass, AgencyId, BasisCode, CredentialId, DeliveryId, FileId, FileStatement, GivenTime, Id,
    Incident, PersonId, Priority, Private, ProviderId, Purpose, Reason, Relationship, ReportId, Reporter,
    Stage, Submission,
};
use policy::{
    List, Permit, Read, RouteDecision, RoutingFacts, TriageFacts, Verdict, Viewer, ViewerRole, access,
};
use store::agency::{self, Agency, Qualification};
use store::delivery::{self, Channel, NewDelivery};
use store::document::Received;
use store::evidence::{self, NewFile};
use store::person::{self, Home, Person};
use store::provider::{self, NewCredential};
use store::report::{self, NewReport};
use store::route::{self, RouteRecord};
use store::testing::TestHouse;
use store::triage::{self, TriageRecord};
use store::{Act, BlobKind, Keep, Result, View, number};
use testkit::Scratch;

/// The two providers.
pub const PROVIDERS: [&str; 2] = ["examplechat", "examplecloud"];
/// The agencies, each with what makes it one.
pub const AGENCIES: [(&str, AgencyClass, Option<Relationship>); 4] = [
    ("icac-us-mn", AgencyClass::State, None),
    ("icac-us-wi", AgencyClass::State, None),
    ("fed-us", AgencyClass::Federal, None),
    ("interpol-point", AgencyClass::Foreign, Some(Relationship::Interpol)),
];

pub struct Desk {
    pub house: TestHouse,
    files: AtomicU8,
}

impl Desk {
    pub async fn on(scratch: &Scratch) -> Self {
        Self::with(&scratch.settings).await
    }

    pub async fn with(settings: &Settings) -> Self {
        let desk = Self { house: TestHouse::on(settings).await, files: AtomicU8::new(0) };
        desk.act(|act| {
            for name in PROVIDERS {
                provider::add(act, &provider_id(name), &format!("{name} Inc"))?;
                provider::add_credential(act, &credential(act, name))?;
            }
            for (name, class, relationship) in AGENCIES {
                agency::put(act, &agency_of(name, class, relationship))?;
            }
            Ok(())
        })
        .await
        .unwrap();
        desk
    }

    /// An act of the house's own workers.
    pub async fn act<T: Send + 'static>(
        &self,
        work: impl FnMut(&Act<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.house.act(Actor::House, Purpose::Pipeline, "test::act", work).await
    }

    /// An act of a person.
    pub async fn by<T: Send + 'static>(
        &self,
        who: &str,
        work: impl FnMut(&Act<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let actor = Actor::Person { person: person_id(who), agency: None };
        self.house.act(actor, Purpose::Administration, "test::by", work).await
    }

    /// Somebody who works there from now on.
    pub async fn hire(&self, who: &str, home: Home, role: ViewerRole) {
        let name = Private::new(format!("Dull {who}"));
        let person = Person { id: person_id(who), home, role, name };
        self.act(move |act| person::add(act, &person)).await.unwrap();
    }

    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnMut(&View<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.house.read("test::read", work).await
    }

    /// An open report of the first provider.
    pub async fn opened(&self) -> ReportId {
        self.opened_by(PROVIDERS[0], submission("sextortion", "dull words")).await
    }

    pub async fn opened_by(&self, provider: &str, submission: Submission) -> ReportId {
        let report = number::next(&self.house).await.unwrap();
        let new = NewReport {
            report,
            provider: provider_id(provider),
            credential: CredentialId::parse(&format!("{provider}-1")).unwrap(),
            urgent: false,
            received: received("<report/>"),
            submission,
        };
        self.act(move |act| report::open(act, &new)).await.unwrap();
        report
    }

    /// A file that is ready to be attached to a report of the first provider.
    pub async fn uploaded(&self, report: ReportId, bytes: &[u8]) -> NewFile {
        let file = FileId::from_random([self.files.fetch_add(1, Ordering::Relaxed); 16]);
        let mut writer = self.house.vault().begin(BlobKind::Evidence, &file).unwrap();
        writer.push(bytes).await.unwrap();
        let stored = writer.finish(Keep::Yes).await.unwrap();
        let uploaded_name = Some(Private::new("dull.png".to_owned()));
        NewFile { report, file, uploaded_name, media_type: Some("image/png".to_owned()), stored }
    }

    pub async fn attach(&self, new: NewFile) -> Result<u32> {
        self.act(move |act| evidence::attach(act, &provider_id(PROVIDERS[0]), &new)).await
    }

    /// Adds a file of these bytes.
    pub async fn attached(&self, report: ReportId, bytes: &[u8]) -> FileId {
        let new = self.uploaded(report, bytes).await;
        let file = new.file.clone();
        self.attach(new).await.unwrap();
        file
    }

    pub async fn describe(&self, statement: FileStatement) -> Result<()> {
        let received = received("<fileDetails/>");
        self.act(move |act| evidence::describe(act, &provider_id(PROVIDERS[0]), &statement, &received)).await
    }

    pub async fn finish(&self, report: ReportId) -> Result<report::Finished> {
        self.act(move |act| report::finish(act, &provider_id(PROVIDERS[0]), report)).await
    }

    pub async fn retract(&self, report: ReportId) -> Result<()> {
        self.act(move |act| report::retract(act, &provider_id(PROVIDERS[0]), report)).await
    }

    /// A report of a provider that is ready to be delivered.
    pub async fn routed(&self, provider: &str, incident: &str, priority: Priority) -> ReportId {
        let report = self.opened_by(provider, submission(incident, "dull words")).await;
        let sender = provider_id(provider);
        self.act(move |act| {
            report::finish(act, &sender, report)?;
            route_it(act, report, priority)
        })
        .await
        .unwrap();
        report
    }

    pub async fn deliver(&self, report: ReportId, agency: &str) -> Result<Option<DeliveryId>> {
        let new = delivery_to(report, agency);
        self.act(move |act| {
            let made = delivery::add(act, &new)?;
            if report::stage(act, report)? == Stage::Routed {
                report::move_on(act, report, Stage::Routed, Stage::Available)?;
            }
            Ok(made)
        })
        .await
    }

    /// A routine report of the first provider that an agency has.
    pub async fn delivered_to(&self, agency: &str) -> ReportId {
        let report = self.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
        self.deliver(report, agency).await.unwrap();
        report
    }

    pub async fn stage(&self, report: ReportId) -> Stage {
        self.read(move |view| report::stage(view, report)).await.unwrap()
    }
}

/// Walks a finished report to its routes.
pub fn route_it(act: &Act<'_>, report: ReportId, priority: Priority) -> Result<()> {
    use Stage::{Correlated, Enriched, Finished, Routed, Sealed, Triaged};
    for (from, to) in [(Finished, Sealed), (Sealed, Enriched), (Enriched, Correlated), (Correlated, Triaged)]
    {
        report::move_on(act, report, from, to)?;
    }
    triage::record(act, report, &triaged(priority))?;
    route::record(act, report, &routed())?;
    report::move_on(act, report, Triaged, Routed)
}

pub fn triaged(priority: Priority) -> TriageRecord {
    let reason = Reason { rule: "dull".to_owned(), field: "dull".to_owned(), says: "It is dull.".to_owned() };
    let verdict = Verdict { priority, reasons: vec![reason] };
    TriageRecord { facts: TriageFacts::default(), verdict, rule_set: "rules-1".to_owned() }
}

pub fn routed() -> RouteRecord {
    let decision = RouteDecision {
        place: None,
        recipients: Vec::new(),
        rules: vec!["dull".to_owned()],
        flags: Vec::new(),
    };
    RouteRecord { facts: RoutingFacts::default(), decision, rule_set: "rules-1".to_owned() }
}

pub fn delivery_to(report: ReportId, agency: &str) -> NewDelivery {
    let class = AGENCIES.iter().find(|known| known.0 == agency).map_or(AgencyClass::State, |known| known.1);
    let basis = match class {
        AgencyClass::Federal => BasisCode::C1Fed,
        AgencyClass::Foreign => BasisCode::C3ForInterpol,
        _ => BasisCode::C2State,
    };
    NewDelivery {
        report,
        agency: agency_id(agency),
        basis,
        channel: Channel::Portal,
        rule: "dull".to_owned(),
        says: "It is dull.".to_owned(),
        rule_set: "rules-1".to_owned(),
        place: None,
    }
}

pub fn agency_of(name: &str, class: AgencyClass, relationship: Option<Relationship>) -> Agency {
    let qualification = Qualification {
        fact: "investigates child sexual exploitation".to_owned(),
        verified_by: "operator".to_owned(),
        evidence: "memo 1".to_owned(),
        until: None,
    };
    Agency {
        id: agency_id(name),
        name: format!("Agency {name}"),
        class,
        relationship,
        state: None,
        qualification: Some(qualification),
        disabled_at: None,
    }
}

fn credential(act: &Act<'_>, provider: &str) -> NewCredential {
    NewCredential {
        credential: CredentialId::parse(&format!("{provider}-1")).unwrap(),
        provider: provider_id(provider),
        username: format!("{provider}-user"),
        secret_digest: act.secret_digest(b"a secret"),
        may_submit: true,
        may_update: true,
    }
}

/// The least that a provider can say, with some words of its own.
pub fn submission(incident_type: &str, words: &str) -> Submission {
    let text = "2026-05-30T08:00:00Z".to_owned();
    let occurred = GivenTime { instant: text.parse().ok(), text, zone_unknown: false };
    Submission {
        batched: None,
        incident: Incident {
            incident_type: incident_type.to_owned(),
            platform: None,
            escalation: None,
            annotations: Vec::new(),
            occurred,
            occurred_means: None,
        },
        details: Vec::new(),
        law_enforcement: None,
        reporter: Reporter::default(),
        people: Vec::new(),
        additional: vec![Private::new(words.to_owned())],
        unmodelled: Vec::new(),
    }
}

/// A statement that says nothing.
pub fn statement(report: ReportId, file: &FileId) -> FileStatement {
    FileStatement::about(report, file.clone())
}

pub fn received(body: &str) -> Received {
    Received { body: body.as_bytes().to_vec(), content_type: "text/xml".to_owned() }
}

pub fn person_id(name: &str) -> PersonId {
    PersonId::parse(name).unwrap()
}

pub fn provider_id(name: &str) -> ProviderId {
    ProviderId::parse(name).unwrap()
}

pub fn agency_id(name: &str) -> AgencyId {
    AgencyId::parse(name).unwrap()
}

fn commander(agency: &str) -> Viewer {
    Viewer::person(PersonId::parse("p-1").unwrap(), agency_id(agency), ViewerRole::Commander, true)
}

pub fn lists(agency: &str) -> Permit<List> {
    access::agency_list(&commander(agency)).unwrap()
}

pub fn reads(agency: &str) -> Permit<Read> {
    access::agency_read(&commander(agency)).unwrap()
}

pub fn reads_own(provider: &str) -> Permit<Read> {
    access::provider_read(provider_id(provider), CredentialId::parse("c-1").unwrap())
}
