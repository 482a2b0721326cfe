//! How the real things behind the walls come about: by what their owners do on our own pages and with our own API.

use axum::body::Body;
use axum::http::{StatusCode, header};
use domain::{Actor, DestructionCode, DestructionId, Id as _, PersonId, Purpose, ReportId};
use jiff::SignedDuration;
use office::{Given, Site, enrolment, keys};
use passkey::testing::SoftKey;
use store::destruction::NewDestruction;
use store::{Event, EventKind};

use super::asking::{Answer, ORIGIN, Pass, Walled};
use crate::commands::demo::people::TASK_FORCE;

/// A call as the arrival of a report of the highest priority raises it.
const RAISE: &str = "-- test::raise
    INSERT INTO oncall_call (agency_id, report_id, raised_at, place, rounds, next_at)
    VALUES (:agency, :report, 1, 0, 0, 1)";
pub(super) const FILE_BYTES: &[u8] = b"zq-walled: dull bytes of a test";

const REPORT: &str = "<report><incidentSummary><incidentType>Child Sex Tourism</incidentType>\
    <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary><reporter><reportingPerson>\
    <email>desk@harbor.example</email></reportingPerson></reporter><personOrUserReported>\
    <personOrUserReportedPerson><firstName>MARK-name</firstName><address><state>STATE</state><country>US</country></address></personOrUserReportedPerson>\
    <espIdentifier>MARK-account</espIdentifier><screenName>MARK-screen</screenName></personOrUserReported></report>";

fn element(answer: &Answer, name: &str) -> String {
    let (_, rest) =
        answer.body.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("{name}: {answer:?}"));
    rest.split('<').next().unwrap().to_owned()
}

async fn xml(walled: &Walled, path: &str, pass: &Pass, body: String) -> Answer {
    let request = Walled::request("POST", path, pass).header(header::CONTENT_TYPE, "text/xml");
    let answer = walled.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
    answer
}

/// A report with two files, of which one was viewed.
pub(super) async fn filed(walled: &Walled, provider: usize, state: &str, mark: &str) -> (String, String) {
    let pass = walled.credential(provider);
    let report = REPORT.replace("STATE", state).replace("MARK", mark);
    let report = element(&xml(walled, "/ispws/submit", &pass, report).await, "reportId");
    let mut first = None;
    for (name, viewed) in [("one.txt", true), ("two.txt", false)] {
        let mut body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n{report}\r\n--b\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"{mark}-{name}\"\r\n\r\n{mark} {name} "
        )
        .into_bytes();
        body.extend_from_slice(FILE_BYTES);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request = Walled::request("POST", "/ispws/upload", &pass)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        let file = element(&walled.send(request.body(Body::from(body)).unwrap()).await, "fileId");
        let details = format!(
            "<fileDetails><reportId>{report}</reportId><fileId>{file}</fileId>\
             <originalFileName>{mark}-{name}</originalFileName><fileViewedByEsp>{viewed}</fileViewedByEsp></fileDetails>"
        );
        xml(walled, "/ispws/fileinfo", &pass, details).await;
        first = first.or(Some(file));
    }
    let finished = walled.post("/ispws/finish", &pass, &format!("id={report}")).await;
    assert_eq!(finished.status, StatusCode::OK, "{finished:?}");
    (report, first.expect("there were two"))
}

/// Posts a form of somebody's own, which must be taken.
pub(super) async fn done(walled: &Walled, pass: &Pass, path: &str, form: &str, fields: &str) -> Answer {
    let token = walled.token_for(pass, form);
    let answer = walled.post(path, pass, &format!("csrf={token}&{fields}")).await;
    let taken = answer.status.is_success() || (answer.status.is_redirection() && !answer.is_refusal());
    assert!(taken, "{path}: {answer:?}");
    answer
}

/// Posts a form with a file in it.
pub(super) async fn brought(
    walled: &Walled,
    pass: &Pass,
    path: &str,
    words: &[(&str, &str)],
    (name, bytes): (&str, &[u8]),
) -> Answer {
    let part = |(name, value): &(&str, &str)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body = words.iter().map(part).collect::<String>();
    let file = format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/plain");
    body.push_str(&format!("--b\r\nContent-Disposition: form-data; {file}\r\n\r\n"));
    let mut body = body.into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let request = Walled::request("POST", path, pass)
        .header(header::ORIGIN, ORIGIN)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    walled.send(request.body(Body::from(body)).unwrap()).await
}

/// Two keys: one of them may be removed.
pub(super) async fn keyed(walled: &Walled, person: &str) {
    let site = Site { name: "walls.example".to_owned(), origins: vec![ORIGIN.to_owned()] };
    let house = walled.house.house();
    for number in 0..2 {
        let (id, life) = (PersonId::parse(person).unwrap(), SignedDuration::from_hours(1));
        let ticket = enrolment::issue(house, Actor::Operator, &id, life).await.unwrap().secret;
        let (asked, _) = keys::ask_with_ticket(house, &site, &ticket).await.unwrap();
        let mut key = SoftKey::new(&format!("{person}-{number}"), &site.name, ORIGIN);
        let answer = key.create(&asked.options);
        let client = domain::Private::new("a test's browser".to_owned());
        let given = Given { ceremony: asked.ceremony, answer, client };
        keys::add_with_ticket(house, &site, &ticket, "zq-walled-key".to_owned(), given).await.unwrap();
    }
}

/// A case with what may stand in one, and a seized set.
pub(super) async fn worked(walled: &Walled, pass: &Pass, report: &str) {
    let opens = format!("title=zq-walled-case&summary=zq-walled-summary&report={report}");
    let opened = done(walled, pass, "/agency/cases", "case-open", &opens).await;
    let at = opened.location().to_owned();
    let case = at.rsplit('/').next().unwrap_or_default();
    let words = "title=zq-walled-title&text=zq-walled-text";
    for (step, fields) in [
        ("note", words.to_owned()),
        ("exhibit", "title=zq-walled-exhibit&text=zq-walled-criminal-history&cji=yes".to_owned()),
        ("process/record", "kind=subpoena&court=zq-walled-court&number=7&text=zq-walled-scope".to_owned()),
    ] {
        done(walled, pass, &format!("{at}/{step}"), &format!("case-{case}-{step}"), &fields).await;
    }
    let (token, digests) = (walled.token_for(pass, "seized-bring"), format!("{}\n", "ab".repeat(32)));
    let words = [("csrf", token.as_str()), ("name", "zq-walled-set")];
    let taken = brought(walled, pass, "/agency/imports", &words, ("set.txt", digests.as_bytes())).await;
    assert_eq!(taken.status, StatusCode::OK, "{taken:?}");
}

/// Whoever is called for a report of the agency, in whose turn, and a system that is told.
pub(super) async fn called(walled: &Walled, commander: &Pass, report: &str) {
    let turn = "place=1&person=demo-investigator&minutes=10&from=&until=";
    done(walled, commander, "/agency/notify/steps", "notify-step", turn).await;
    let hook = "url=https://zq-walled.example/hook";
    done(walled, commander, "/agency/notify/webhooks", "notify-webhook", hook).await;
    let number: u64 = report.parse().unwrap();
    let raised = walled.house.act(Actor::Operator, Purpose::Administration, "test::raise", move |act| {
        act.tx().execute(RAISE, &database::bind! { agency: TASK_FORCE, report: number })?;
        act.note(Event::of_house(EventKind::SettingPut))
    });
    raised.await.unwrap();
}

/// A form of a provider that was opened and has a file.
pub(super) async fn opened(walled: &Walled, reporter: &Pass) {
    let begun = done(walled, reporter, "/provider/forms", "form-start", "").await;
    let at = begun.location().trim_end_matches("/what").to_owned();
    let form = at.rsplit('/').next().unwrap_or_default();
    let zone = "incidentDateTime.date=2026-02-03&incidentDateTime.time=14:05&incidentDateTime.zone=-05:00";
    for (step, fields) in [
        ("what", format!("incidentType=enticement&place=chatImIncident&{zone}")),
        ("where", "chatImIncident/content=zq-walled-words".to_owned()),
        ("account", "personOrUserReported/screenName=zq-walled-screen".to_owned()),
        ("child", "victim/person/age=13".to_owned()),
        ("reporter", "reporter/email=trust@harbor.example".to_owned()),
    ] {
        done(walled, reporter, &format!("{at}/{step}"), &format!("form-{form}-{step}"), &fields).await;
    }
    done(walled, reporter, &format!("{at}/open"), &format!("form-open-{form}"), "").await;
    let token = walled.token_for(reporter, &format!("form-upload-{form}"));
    let path = format!("{at}/upload");
    let sent = brought(walled, reporter, &path, &[("csrf", &token)], ("form.txt", FILE_BYTES)).await;
    assert!(sent.location().contains("/files/"), "{sent:?}");
}

/// Two of the clearinghouse's own people agree to what one of them asked for.
pub(super) async fn agreed(walled: &Walled, second: &Pass, asked: &Answer) {
    let at = asked.location().to_owned();
    let approval = at.strip_prefix("/admin/approvals/").unwrap_or_else(|| panic!("{asked:?}"));
    done(walled, second, &format!("{at}/approve"), &format!("approval/{approval}/approve"), "").await;
}

/// What the clearinghouse publishes, whom it knows by another organisation's word, and a destruction that is over and
/// certified.
pub(super) async fn settled(walled: &Walled, report: &str) {
    let supervisor = walled.enter("supervisor").await;
    let contact = "duty=duty-desk&desk=Desk&phone=555-0100&mail=&hours=";
    done(walled, &supervisor, "/desk/portal/directory", "contact-new", contact).await;
    let token = walled.token_for(&supervisor, "library-new");
    let words = [
        ("csrf", token.as_str()),
        ("title", "A dull guide"),
        ("summary", "Of a test"),
        ("shelf", "document"),
    ];
    let file = ("guide.txt", b"dull".as_slice());
    let published = brought(walled, &supervisor, "/desk/portal/library", &words, file).await;
    assert!(published.status.is_redirection() || published.status.is_success(), "{published:?}");

    let admin = walled.enter("security_admin").await;
    let word = "means=federation&issuer=https://issuer.example&subject=zq-walled-subject";
    let (at, form) = ("/admin/people/demo-prosecutor/known-by", "known-by/demo-prosecutor");
    agreed(walled, &supervisor, &done(walled, &admin, at, form, word).await).await;
    certified(walled, report).await;
}

/// A destruction of a report's first file, to which two people agreed and which is over.
pub(super) async fn certified(walled: &Walled, report: &str) {
    let (supervisor, counsel) = (walled.enter("supervisor").await, walled.enter("counsel").await);
    let (id, number) = (DestructionId::parse("d-certified").unwrap(), report.parse::<ReportId>().unwrap());
    let permit = policy::access::pipeline_read();
    let files =
        walled.house.read("test::files", move |view| store::evidence::files(view, &permit, number)).await;
    let new = NewDestruction {
        id,
        basis: DestructionCode::SelfReportWithdrawn,
        agency: None,
        reason: domain::Private::new("dull".to_owned()),
        files: vec![(number, files.unwrap()[0].id.clone())],
    };
    let ask = walled.house.act(Actor::Operator, Purpose::Retention, "test::destroy", move |act| {
        store::destruction::ask(act, &new).map(drop)
    });
    ask.await.unwrap();
    let (at, form) = ("/oversight/destructions/d-certified/agreement", "destruction/d-certified/agreement");
    done(walled, &supervisor, at, form, "").await;
    let asked = walled.house.read("test::asked", store::approval::open).await.unwrap();
    let asked = asked.into_iter().find(|one| one.subject == "d-certified").expect("it was asked for").id;
    let (at, form) = (format!("/admin/approvals/{asked}/approve"), format!("approval/{asked}/approve"));
    done(walled, &counsel, &at, &form, "").await;
    assert_eq!(pipeline::destroy::run(walled.house.house()).await.unwrap(), 1);
}

/// What the clearinghouse's own people keep: a vendor, and a destruction that waits for a second person.
pub(super) async fn kept_by_the_house(walled: &Walled, report: &str, file: &str) {
    let counsel = walled.enter("counsel").await;
    let vendor = "id=zq-walled-vendor&name=zq-walled-name&services=zq-walled-services&grace=0";
    done(walled, &counsel, "/admin/vendors", "vendors/add", vendor).await;
    let form = "vendors/zq-walled-vendor/holdings";
    done(walled, &counsel, "/admin/vendors/zq-walled-vendor/holdings", form, "since=2026-01-01").await;
    let owner = walled.enter("small_agency").await;
    let (at, form) =
        (format!("/agency/reports/{report}/keeping/destroy"), format!("keeping-{report}-destroy"));
    done(walled, &owner, &at, &form, &format!("file={file}&reason=dull")).await;
    let all = walled.house.read("test::destructions", |view| store::destruction::recent(view, 1)).await;
    let id = all.unwrap().remove(0).id;
    let supervisor = walled.enter("supervisor").await;
    let (at, form) =
        (format!("/oversight/destructions/{id}/agreement"), format!("destruction/{id}/agreement"));
    done(walled, &supervisor, &at, &form, "").await;
}
