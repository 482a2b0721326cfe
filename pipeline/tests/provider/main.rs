//! What a provider sees of its own reports, on both engines, and that it sees nothing else.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

mod certified;
mod checked;
mod court;
mod isolation;
mod listing;
mod receipts;
mod sealed;

use std::sync::atomic::{AtomicU8, Ordering};

use domain::{
    Actor, AgencyClass, AgencyId, BasisCode, CredentialId, FileId, FileStatement, GivenTime, Id, Incident,
    PersonId, Priority, Private, ProviderId, Purpose, Reason, ReportId, Reporter, Stage, Submission,
    TriState,
};
use pipeline::provider::ProviderViewer;
use policy::{TriageFacts, Verdict, ViewerRole};
use store::agency::{self, Agency, Qualification};
use store::delivery::{self, Channel, NewDelivery};
use store::document::Received;
use store::evidence::{self, NewFile};
use store::provider::{self, NewCredential};
use store::report::{self, NewReport};
use store::testing::TestHouse;
use store::triage::{self, TriageRecord};
use store::{Act, BlobKind, Keep, number};
use testkit::Scratch;

/// Runs an async test on a runtime of its own, as the binary has one.
fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test)
}

/// The two providers.
const HARBOR: &str = "harbor-chat";
const MEADOW: &str = "meadow-photos";
/// A name that must be nowhere in what a provider is told.
const AGENCY_NAME: &str = "Example Task Force";

/// A house with two providers and one agency.
struct Harbour {
    house: TestHouse,
    files: AtomicU8,
}

impl Harbour {
    async fn on(scratch: &Scratch) -> Self {
        let harbour = Self { house: TestHouse::on(&scratch.settings).await, files: AtomicU8::new(0) };
        harbour
            .act(|act| {
                for name in [HARBOR, MEADOW] {
                    provider::add(act, &provider_id(name), &format!("{name} Inc"))?;
                    provider::add_credential(act, &credential(act, name))?;
                }
                agency::put(act, &task_force())
            })
            .await;
        harbour
    }

    async fn act<T: Send + 'static>(
        &self,
        work: impl FnMut(&Act<'_>) -> store::Result<T> + Send + 'static,
    ) -> T {
        self.house.act(Actor::House, Purpose::Pipeline, "test::act", work).await.unwrap()
    }

    async fn opened(&self, by: &str) -> ReportId {
        let report = number::next(&self.house).await.unwrap();
        let new = NewReport {
            report,
            provider: provider_id(by),
            credential: CredentialId::parse(&format!("{by}-1")).unwrap(),
            urgent: false,
            received: received("<report/>"),
            submission: submission(),
        };
        self.act(move |act| report::open(act, &new)).await;
        report
    }

    /// Adds a file, and the statement that it was viewed.
    async fn described(&self, by: &str, report: ReportId, bytes: &[u8]) -> FileId {
        let file = self.attached(by, report, bytes).await;
        let (provider, statement) = (provider_id(by), statement(report, &file));
        self.act(move |act| evidence::describe(act, &provider, &statement, &received("<fileDetails/>")))
            .await;
        file
    }

    /// Adds a file.
    async fn attached(&self, by: &str, report: ReportId, bytes: &[u8]) -> FileId {
        let file = FileId::from_random([self.files.fetch_add(1, Ordering::Relaxed) | 0xa0; 16]);
        let mut writer = self.house.vault().begin(BlobKind::Evidence, &file).unwrap();
        writer.push(bytes).await.unwrap();
        let stored = writer.finish(Keep::Yes).await.unwrap();
        let uploaded_name = Some(Private::new("holiday <1>.jpg".to_owned()));
        let media_type = Some("image/jpeg".to_owned());
        let new = NewFile { report, file: file.clone(), uploaded_name, media_type, stored };
        let provider = provider_id(by);
        self.act(move |act| evidence::attach(act, &provider, &new)).await;
        file
    }

    async fn finished(&self, by: &str) -> ReportId {
        let report = self.opened(by).await;
        self.described(by, report, b"harmless bytes").await;
        let provider = provider_id(by);
        self.act(move |act| report::finish(act, &provider, report)).await;
        report
    }

    async fn delivered(&self, by: &str) -> ReportId {
        let report = self.finished(by).await;
        self.act(move |act| deliver(act, report)).await;
        report
    }
}

fn deliver(act: &Act<'_>, report: ReportId) -> store::Result<()> {
    use Stage::{Available, Correlated, Enriched, Finished, Routed, Sealed, Triaged};
    for (from, to) in [(Finished, Sealed), (Sealed, Enriched), (Enriched, Correlated)] {
        report::move_on(act, report, from, to)?;
    }
    let reason = Reason { rule: "none".to_owned(), field: "files".to_owned(), says: "Ordinary.".to_owned() };
    let verdict = Verdict { priority: Priority::Routine, reasons: vec![reason] };
    let record = TriageRecord { facts: TriageFacts::default(), verdict, rule_set: "2026-01".to_owned() };
    triage::record(act, report, &record)?;
    report::move_on(act, report, Correlated, Triaged)?;
    report::move_on(act, report, Triaged, Routed)?;
    let new = NewDelivery {
        report,
        agency: AgencyId::parse("icac-us-mn").unwrap(),
        basis: BasisCode::C2State,
        channel: Channel::Portal,
        rule: "state-of-upload".to_owned(),
        says: "The upload address lies in this state.".to_owned(),
        rule_set: "2026-01".to_owned(),
        place: None,
    };
    delivery::add(act, &new)?;
    report::move_on(act, report, Routed, Available)
}

fn task_force() -> Agency {
    let qualification = Qualification {
        fact: "state agency".to_owned(),
        verified_by: "operator".to_owned(),
        evidence: "statute".to_owned(),
        until: None,
    };
    Agency {
        id: AgencyId::parse("icac-us-mn").unwrap(),
        name: AGENCY_NAME.to_owned(),
        class: AgencyClass::State,
        relationship: None,
        state: Some("MN".to_owned()),
        qualification: Some(qualification),
        disabled_at: None,
    }
}

fn credential(act: &Act<'_>, name: &str) -> NewCredential {
    NewCredential {
        credential: CredentialId::parse(&format!("{name}-1")).unwrap(),
        provider: provider_id(name),
        username: name.to_owned(),
        secret_digest: act.secret_digest(b"a secret"),
        may_submit: true,
        may_update: true,
    }
}

fn submission() -> Submission {
    let text = "2026-05-30T08:00:00Z".to_owned();
    let occurred = GivenTime { instant: text.parse().ok(), text, zone_unknown: false };
    Submission {
        batched: None,
        incident: Incident {
            incident_type: "sextortion".to_owned(),
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
        additional: Vec::new(),
        unmodelled: Vec::new(),
    }
}

fn statement(report: ReportId, file: &FileId) -> FileStatement {
    FileStatement {
        viewed: TriState::Yes,
        public: TriState::No,
        ..FileStatement::about(report, file.clone())
    }
}

fn received(body: &str) -> Received {
    Received { body: body.as_bytes().to_vec(), content_type: "text/xml".to_owned() }
}

fn provider_id(name: &str) -> ProviderId {
    ProviderId::parse(name).unwrap()
}

/// The provider's system.
fn system(name: &str) -> ProviderViewer {
    ProviderViewer::credential(provider_id(name), CredentialId::parse(&format!("{name}-1")).unwrap())
}

/// A person of the provider.
fn person(name: &str) -> ProviderViewer {
    let id = PersonId::parse("p-1").unwrap();
    ProviderViewer::person(provider_id(name), id, ViewerRole::ProviderReporter, true).unwrap()
}
