//! What leaves is in the ledger, with the bytes that its reader gets: counted on the answer itself, to its end.

use axum::body::Body;
use axum::http::{StatusCode, header};
use pipeline::worker;
use store::{EventKind, Record};
use testkit::both_engines;

use super::asking::{Answer, Pass, Walled};
use super::made::{brought, certified, done, filed};
use super::things::MARK;
use super::walk;
use crate::commands::demo::people::SMALL_AGENCY;

/// Everything that the ledger holds.
async fn records(walled: &Walled) -> Vec<Record> {
    let book = walled.house.book();
    while book.sequence().await.map(|run| run.from < run.to).unwrap() {}
    let reader = walled.house.house().clone();
    let all = walled.house.read("test::records", move |view| {
        let mut all: Vec<Record> = Vec::new();
        loop {
            let page = reader.book().records(view, all.len() as u64, 1_000)?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    });
    all.await.unwrap()
}

/// Who asks, and what has been recorded so far.
struct Watch<'a> {
    walled: &'a Walled,
    seen: usize,
}

impl Watch<'_> {
    /// Departures since: of which kind, and with how many bytes.
    async fn left(&mut self) -> Vec<(EventKind, u64)> {
        let all = records(self.walled).await;
        let since = all[self.seen..].iter();
        self.seen = all.len();
        since.filter_map(|one| Some((one.kind, one.event.as_ref()?["bytes_out"].as_u64()?))).collect()
    }

    /// An answer left once, and its leaf says how long it was.
    async fn counts(&mut self, kind: EventKind, what: &str, answer: &Answer) {
        assert_eq!(answer.status, StatusCode::OK, "{what}: {answer:?}");
        assert!(answer.bytes > 0, "{what}");
        assert_eq!(self.left().await, [(kind, answer.bytes)], "{what}");
    }

    async fn reads(&mut self, kind: EventKind, path: &str, pass: &Pass) {
        let answer = self.walled.ask("GET", path, pass).await;
        self.counts(kind, path, &answer).await;
    }

    async fn takes(&mut self, kind: EventKind, (path, form): (&str, &str), fields: &str, pass: &Pass) {
        let answer = done(self.walled, pass, path, form, fields).await;
        self.counts(kind, path, &answer).await;
    }
}

async fn json(walled: &Walled, path: &str, pass: &Pass, body: &str) -> Answer {
    let request = Walled::request("POST", path, pass).header(header::CONTENT_TYPE, "application/json");
    walled.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

both_engines! {
    // PROVES: R-76b
    fn whatever_leaves_for_an_agency_is_in_the_ledger_with_the_bytes_of_the_answer(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let (report, _) = filed(&walled, 0, "CA", MARK).await;
            worker::drain(walled.house.house(), &walled.tools).await.unwrap();
            let (system, officer, commander) =
                (walled.token(0), walled.enter("investigator").await, walled.enter("commander").await);
            let of = format!("/agency/v1/reports/{report}");
            let outcome = json(&walled, &format!("{of}/outcome"), &system, "{\"outcome\":\"arrest\"}").await;
            assert_eq!(outcome.status, StatusCode::OK, "{outcome:?}");
            let shared = done(&walled, &officer, "/agency/cases", "case-open", "title=Dull&summary=").await;
            let (at, case) = (shared.location().to_owned(), shared.location().rsplit('/').next().unwrap_or_default());
            done(&walled, &officer, &format!("{at}/share"), &format!("case-{case}-share"), "everybody=yes").await;
            let labelled = "title=&text=dull+record&cji=yes";
            done(&walled, &officer, &format!("{at}/note"), &format!("case-{case}-note"), labelled).await;
            let hook = "url=https://dull.example/hook";
            done(&walled, &commander, "/agency/notify/webhooks", "notify-webhook", hook).await;

            let page = walled.ask("GET", &at, &officer).await;
            let entry = page.body.split_once("/entries/").map_or("", |(_, rest)| rest.split('"').next().unwrap_or_default());

            let mut watch = Watch { walled: &walled, seen: 0 };
            watch.left().await;
            let (path, form) = (format!("{at}/entries/{entry}/pass-on"), format!("case-{case}-entry-{entry}-pass-on"));
            let passed = format!("version=1&receiver={SMALL_AGENCY}&requester=A&recipient=B&reason=C");
            watch.takes(EventKind::CjiPassedOn, (&path, &form), &passed, &officer).await;
            for list in ["feed", "cases", "webhooks"] {
                watch.reads(EventKind::ListRead, &format!("/agency/v1/{list}"), &system).await;
            }
            for list in ["assignment", "outcome"] {
                watch.reads(EventKind::ListRead, &format!("{of}/{list}"), &system).await;
            }
            // Nothing stands in it, so nothing leaves.
            let nothing = walled.ask("GET", "/agency/v1/feed?after=999999", &system).await;
            assert_eq!(nothing.status, StatusCode::OK, "{nothing:?}");
            assert!(watch.left().await.is_empty());
            watch.reads(EventKind::ReportRead, &of, &system).await;
            // A package is packed while it leaves: its leaf tells the length of what is in it.
            let package = walled.ask("GET", &format!("{of}/package"), &system).await;
            let (kind, contents) = watch.left().await.remove(0);
            assert_eq!((package.status, kind), (StatusCode::OK, EventKind::PackageExported));
            assert!(contents > package.bytes && package.bytes > 0, "{contents} {}", package.bytes);
            let asked = format!("{{\"hashes\":[\"{}\",\"{}\"]}}", "ab".repeat(32), "cd".repeat(16));
            let known = json(&walled, "/agency/v1/hashes", &system, &asked).await;
            watch.counts(EventKind::HashesChecked, "hashes", &known).await;

            for page in ["", "/late", "/hand-over"] {
                watch.reads(EventKind::ListRead, &format!("/agency/inbox{page}"), &officer).await;
            }
            let sought = done(&walled, &officer, "/agency/inbox/find", "inbox-find", "question=&find=zq-walled").await;
            watch.counts(EventKind::ListRead, "find", &sought).await;
            watch.reads(EventKind::ListRead, "/agency/media/statements/2026-05.json", &commander).await;
            watch.reads(EventKind::ListRead, "/agency/media/statements/2026-05.pdf", &commander).await;

            let at = |end: &str| format!("/agency/reports/{report}/{end}");
            for (end, fields) in [
                ("document", "form=report-full"),
                ("court", "names=Zq+Walled"),
                ("preservation", "recipient=dull&shape=text"),
                ("preservation", "recipient=dull&shape=pdf"),
            ] {
                let (path, form) = (at(end), format!("{end}-{report}"));
                watch.takes(EventKind::PackageExported, (&path, &form), fields, &officer).await;
            }
            for form in ["json", "pdf"] {
                let (path, name) = (at("certificate"), format!("certificate-{report}"));
                let fields = format!("name=A&role=B&form={form}");
                watch.takes(EventKind::ReportCertified, (&path, &name), &fields, &commander).await;
            }
        });
    }

    // PROVES: R-76b
    fn whatever_leaves_the_desk_is_in_the_ledger_with_the_bytes_of_the_answer(scratch) {
        walk(async {
            let walled = Walled::on(scratch).await;
            let (report, _) = filed(&walled, 0, "CA", MARK).await;
            worker::drain(walled.house.house(), &walled.tools).await.unwrap();
            certified(&walled, &report).await;
            let (supervisor, auditor) = (walled.enter("supervisor").await, walled.enter("auditor").await);
            let token = walled.token_for(&supervisor, "library-new");
            let words = [("csrf", token.as_str()), ("title", "A dull guide"), ("shelf", "document")];
            let file = ("guide.txt", b"dull words".as_slice());
            let published = brought(&walled, &supervisor, "/desk/portal/library", &words, file).await;
            let at = format!("{}/1", published.location());
            let mut watch = Watch { walled: &walled, seen: 0 };
            watch.left().await;
            watch.reads(EventKind::LibraryRead, &at, &supervisor).await;
            for ending in ["json", "pdf"] {
                let at = format!("/oversight/destructions/d-certified/certificate.{ending}");
                watch.reads(EventKind::CertificateTaken, &at, &supervisor).await;
            }
            for form in ["json", "csv"] {
                let (path, fields) = ("/oversight/ledger/extract", format!("kind=library-grew&as={form}"));
                watch.takes(EventKind::LedgerRead, (path, "ledger/extract"), &fields, &auditor).await;
            }
        });
    }
}
