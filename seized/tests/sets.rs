//! Seized sets on both engines: taken whole or not at all, found again in reports, given back as they came, and never
//! across agencies.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use domain::{AgencyClass, AgencyId, Id, PersonId, Private, Purpose, SeizedSetId};
use policy::{Viewer, ViewerRole};
use seized::{Category, Digests, Fault, Feed, Kind, NewSet, Source, State};
use serde_json::{Value, json};
use store::agency::{self, Agency, Qualification};
use store::testing::TestHouse;
use testkit::both_engines;

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(work)
}

fn agency_id(id: &str) -> AgencyId {
    AgencyId::parse(id).unwrap()
}

fn officer(agency: &str, role: ViewerRole) -> Viewer {
    Viewer::person(PersonId::parse("p-1").unwrap(), agency_id(agency), role, true)
}

fn investigator() -> Viewer {
    officer("icac-us-mn", ViewerRole::Investigator)
}

async fn house(database: &database::Settings) -> TestHouse {
    let house = TestHouse::on(database).await;
    let put = house.act(domain::Actor::House, Purpose::Administration, "test", |act| {
        for id in ["icac-us-mn", "icac-us-wi"] {
            let qualification = Qualification {
                fact: "state agency".to_owned(),
                verified_by: "operator".to_owned(),
                evidence: "statute".to_owned(),
                until: None,
            };
            let agency = Agency {
                id: agency_id(id),
                name: id.to_owned(),
                class: AgencyClass::State,
                relationship: None,
                state: Some("MN".to_owned()),
                qualification: Some(qualification),
                disabled_at: None,
            };
            agency::put(act, &agency)?;
        }
        Ok(())
    });
    put.await.unwrap();
    house
}

/// Feeds a document in small pieces; it ends only when it is whole.
async fn pour(feed: Feed, document: Vec<u8>, whole: bool) {
    for piece in document.chunks(1_000) {
        if !feed.push(Bytes::copy_from_slice(piece)).await {
            return;
        }
    }
    if whole {
        feed.end().await;
    }
}

async fn brought(
    house: &TestHouse,
    viewer: &Viewer,
    document: &[u8],
    whole: bool,
) -> Result<SeizedSetId, Fault> {
    let (feed, source): (Feed, Source) = seized::feed();
    let pouring = tokio::spawn(pour(feed, document.to_vec(), whole));
    let new = NewSet { name: Private::new("Phone 26-17".to_owned()), source };
    let taken = seized::take(house, viewer, new).await;
    pouring.await.unwrap();
    taken
}

/// A document of so many records, with members that nobody knows.
fn document(records: u32) -> Value {
    let record = |at: u32| {
        json!({
            "MediaID": at, "MD5": format!("{at:032x}"), "SHA1": format!("{at:040x}"), "Category": at % 7,
            "unknownOfMedia": {"of": at, "text": "\u{e9}\n"},
            "AlternativeHashes": [{"HashName": "SHA256", "HashValue": format!("{at:064x}")}],
        })
    };
    json!({
        "@odata.context": "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Cases",
        "unknown": [1, "x:y"],
        "value": [{"CaseID": "c-1", "Media": (1..=records).map(record).collect::<Vec<Value>>(), "unknownOfCase": null}],
    })
}

fn digests(at: u32) -> Digests {
    let padded = |length: usize| {
        let mut bytes = vec![0; length];
        bytes[length - 4..].copy_from_slice(&at.to_be_bytes());
        bytes
    };
    Digests {
        md5: padded(16).try_into().ok(),
        sha1: padded(20).try_into().ok(),
        sha256: padded(32).try_into().ok(),
    }
}

/// How many bytes left with each set that was given back, by the ledger.
async fn bytes_given(house: &TestHouse) -> Vec<u64> {
    while house.book().sequence().await.map(|run| run.from < run.to).unwrap() {}
    let reader = house.house().clone();
    let all = house.read("test::records", move |view| reader.book().records(view, 0, 1_000)).await.unwrap();
    let given = all.iter().filter(|one| one.kind == store::EventKind::SeizedSetGiven);
    given.filter_map(|one| one.event.as_ref()?["bytes_out"].as_u64()).collect()
}

both_engines! {
    // PROVES: R-76b
    fn a_seized_set_is_taken_found_again_and_given_back_as_it_came(scratch) {
        run(async {
            let house = house(&scratch.settings).await;
            let document = document(1_203);
            let id = brought(&house, &investigator(), document.to_string().as_bytes(), true).await.unwrap();

            let sets = seized::list(&house, &investigator()).await.unwrap();
            assert_eq!((sets.len(), sets[0].records, sets[0].without_digest), (1, 1_203, 0));
            assert_eq!((sets[0].form.as_deref(), sets[0].region.as_deref()), (Some("VICS cases"), Some("US")));
            assert_eq!((sets[0].state(), sets[0].name.reveal().as_str()), (State::Taken, "Phone 26-17"));
            assert_eq!(sets[0].sha256, Some(seal::sha256(document.to_string().as_bytes())));

            // By all three digests, by one alone, and not at all.
            let only_md5 = Digests { md5: digests(8).md5, ..Digests::default() };
            let sought = vec![digests(8), only_md5, digests(5_000), digests(5)];
            let seen = seized::seen(&house, &investigator(), sought.clone()).await.unwrap();
            let by: Vec<Vec<(Kind, Option<Category>)>> =
                seen.iter().map(|sights| sights.iter().map(|one| (one.by, one.category)).collect()).collect();
            let said = Some(Category::Said(1));
            let unclear = Some(Category::Unclear(5));
            assert_eq!(by, [vec![(Kind::Sha256, said)], vec![(Kind::Md5, said)], vec![], vec![(Kind::Sha256, unclear)]]);

            // Another agency's sets say nothing.
            let stranger = officer("icac-us-wi", ViewerRole::Investigator);
            let sights = async |viewer: &Viewer| {
                let seen = seized::seen(&house, viewer, sought.clone()).await.unwrap();
                seen.iter().map(Vec::len).collect::<Vec<_>>()
            };
            assert_eq!(sights(&stranger).await, [0; 4]);
            assert!(seized::list(&house, &stranger).await.unwrap().is_empty());
            assert!(seized::remove(&house, &stranger, &id).await.unwrap_err().is_not_found());
            assert!(seized::give_back(&house, &stranger, &id, Vec::new()).await.is_err());

            let mut copy = Vec::new();
            seized::give_back(&house, &investigator(), &id, &mut copy).await.unwrap();
            assert_eq!(serde_json::from_slice::<Value>(&copy).unwrap(), document);
            assert_eq!(bytes_given(&house).await, [copy.len() as u64]);

            seized::remove(&house, &investigator(), &id).await.unwrap();
            assert_eq!(sights(&investigator()).await, [0; 4]);
            assert!(seized::remove(&house, &investigator(), &id).await.unwrap_err().is_not_found());
            assert_eq!(seized::list(&house, &investigator()).await.unwrap()[0].state(), State::Removed);
            let caused = [store::EventKind::SeizedSetGrew, store::EventKind::SeizedSetTaken, store::EventKind::SeizedSetRemoved, store::EventKind::SeizedSetGiven];
            house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["seized_set"], async || house.wrong().await).await;
        });
    }

    fn what_breaks_off_or_cannot_be_read_leaves_nothing_behind(scratch) {
        run(async {
            let house = house(&scratch.settings).await;
            let whole = document(700).to_string();
            let cases: [(&[u8], bool, &str); 4] = [
                (whole.as_bytes(), false, "it did not arrive whole"),
                (&whole.as_bytes()[..whole.len() - 2], true, "not a readable VICS document"),
                (b"no digest here\n", true, "no line of it has"),
                (b"{\"value\":[]}", true, "no media records"),
            ];
            for (document, arrives, says) in cases {
                let fault = brought(&house, &investigator(), document, arrives).await.unwrap_err();
                assert!(fault.to_string().contains(says), "{fault}");
            }
            let sets = seized::list(&house, &investigator()).await.unwrap();
            assert_eq!(sets.len(), 4);
            assert!(sets.iter().all(|set| set.state() == State::Removed), "{sets:?}");
            let seen = seized::seen(&house, &investigator(), vec![digests(1)]).await.unwrap();
            assert!(seen[0].is_empty());
        });
    }

    fn a_list_of_digests_comes_back_line_by_line(scratch) {
        run(async {
            let house = house(&scratch.settings).await;
            let list = format!("name,MD5\na.jpg,{:032x}\n\n{:064x}\n", 1, 2);
            let commander = officer("icac-us-mn", ViewerRole::Commander);
            let id = brought(&house, &commander, list.as_bytes(), true).await.unwrap();
            let seen = seized::seen(&house, &commander, vec![digests(1), digests(2)]).await.unwrap();
            assert_eq!((seen[0][0].by, seen[1][0].by), (Kind::Md5, Kind::Sha256));
            let mut copy = Vec::new();
            seized::give_back(&house, &commander, &id, &mut copy).await.unwrap();
            assert_eq!(String::from_utf8(copy).unwrap(), format!("a.jpg,{:032x}\n{:064x}\n", 1, 2));
        });
    }

    fn who_may_not_keep_sets_brings_and_sees_none(scratch) {
        run(async {
            let house = house(&scratch.settings).await;
            let prosecutor = officer("icac-us-mn", ViewerRole::Prosecutor);
            assert!(!seized::keeps(&prosecutor));
            let refused = brought(&house, &prosecutor, document(3).to_string().as_bytes(), true).await;
            assert!(matches!(refused, Err(Fault::Trouble(trouble)) if trouble.is_not_found()));
            assert!(seized::list(&house, &prosecutor).await.is_err());
            // Whoever reads reports is told what was seen.
            assert!(seized::seen(&house, &prosecutor, vec![digests(1)]).await.is_ok());
        });
    }
}
