//! Witnesses, alarms and the self-audit: what the house makes of what others say of its ledger, and of its own rows.

use database::bind;
use jiff::SignedDuration;
use ledger::{Checkpoint, Fault, NoteSigner, VerifierKey, cosign, cosignatures, parse_proof_file};
use seal::SigningKey;
use store::testing::TestHouse;
use store::{Alarm, Auditor, Errand, EventKind, House, LeafId, Settings, Witness, WitnessSettings};
use testkit::both_engines;

use crate::{act, noted, opened, report, run, sequenced};

/// A witness in the test's hands.
struct Told {
    key: VerifierKey,
    signing: SigningKey,
}

impl Told {
    fn of(seed: u8) -> Self {
        let signing = SigningKey::from_seed([seed; 32]).unwrap();
        let key = VerifierKey::of_witness(&format!("witness.example/{seed}"), signing.public()).unwrap();
        Self { key, signing }
    }

    fn settings(&self) -> WitnessSettings {
        WitnessSettings { url: "http://127.0.0.1:9/".to_owned(), key: self.key.to_string() }
    }

    fn line(&self, checkpoint: &Checkpoint, house: &House) -> String {
        cosign(checkpoint, u64::try_from(house.now().as_second()).unwrap(), self).unwrap()
    }
}

impl NoteSigner for Told {
    fn key(&self) -> &VerifierKey {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Fault> {
        self.signing.sign(message).map_err(|fault| Fault::Sign(Box::new(fault)))
    }
}

/// The same house, watched by witnesses of which two must agree.
async fn watched(house: &TestHouse, witnesses: &[Told]) -> House {
    let witnesses = witnesses.iter().map(Told::settings).collect();
    let settings = Settings { witnesses, quorum: 2, migrate: false, ..house.settings() };
    House::open(&settings, house.given(8)).await.unwrap()
}

fn log(house: &House) -> VerifierKey {
    house.book().vkey().parse().unwrap()
}

async fn errand(house: &House, at: usize) -> Option<Errand> {
    let witness: Witness = house.book().witnesses()[at].clone();
    house.book().errand(&witness).await.unwrap()
}

/// A witness does what is asked of it, after the judgement of the protocol.
async fn cosigned(house: &House, at: usize, witness: &Told, latest: Option<&Checkpoint>) -> Checkpoint {
    let errand = errand(house, at).await.expect("there is something to ask");
    let checkpoint = errand.request.judged(&[log(house)], latest).unwrap();
    house.book().cosigned(&errand, &witness.line(&checkpoint, house)).await.unwrap();
    checkpoint
}

async fn proof(house: &House, leaf: LeafId) -> String {
    let reader = house.clone();
    house.read("test::prove", move |view| reader.book().prove(view, leaf)).await.unwrap()
}

async fn troubles(house: &House) -> Vec<Option<String>> {
    let reader = house.clone();
    let all = house.read("test::standings", move |view| reader.book().standings(view)).await.unwrap();
    all.into_iter().map(|one| one.trouble).collect()
}

fn stands(house: &House, alarm: Alarm) -> bool {
    house.alarms().iter().any(|raised| raised.alarm == alarm)
}

both_engines! {
    // PROVES: R-75 R-76c
    fn a_proof_takes_up_the_first_quorum_and_never_changes_again(scratch) {
        run(async {
            let plain = TestHouse::on(&scratch.settings).await;
            let witnesses = [Told::of(1), Told::of(2), Told::of(3)];
            let keys: Vec<VerifierKey> = witnesses.iter().map(|one| one.key.clone()).collect();
            let house = watched(&plain, &witnesses).await;
            let leaf = opened(&house, 1).await;
            sequenced(&plain).await;
            let before = proof(&house, leaf).await;
            let first = cosigned(&house, 0, &witnesses[0], None).await;
            // One is no quorum, and nothing is asked twice while nothing grows.
            assert_eq!(proof(&house, leaf).await, before);
            assert!(errand(&house, 0).await.is_none());
            assert_eq!(cosigned(&house, 1, &witnesses[1], None).await, first);
            let vouched = proof(&house, leaf).await;
            let parsed = parse_proof_file(&vouched).unwrap();
            assert_eq!(cosignatures(&parsed.checkpoint, &keys).unwrap().len(), 2);
            // The third comes late, the tree grows, and larger trees get their quorums.
            cosigned(&house, 2, &witnesses[2], None).await;
            assert_eq!(proof(&house, leaf).await, vouched);
            for _ in 0..3 {
                plain.advance(SignedDuration::from_secs(2));
                let later = noted(&house, 1).await;
                sequenced(&plain).await;
                let latest = Some(&first).filter(|_| house.book().witnesses().is_empty());
                assert!(latest.is_none());
                for (at, witness) in witnesses.iter().enumerate() {
                    let errand = errand(&house, at).await.unwrap();
                    let checkpoint = ledger::open(&errand.request.note, &[log(&house)]).unwrap();
                    house.book().cosigned(&errand, &witness.line(&checkpoint, &house)).await.unwrap();
                }
                assert_eq!(proof(&house, leaf).await, vouched);
                let parsed = parse_proof_file(&proof(&house, later).await).unwrap();
                assert_eq!(cosignatures(&parsed.checkpoint, &keys).unwrap().len(), 2);
            }
            let checked = async || house.book().verify().await.map_or_else(|error| Some(error.to_string()), |verdict| verdict.wrong);
            testkit::tamper::is_found(scratch, &["ledger_cosignature"], checked).await;
        });
    }

    fn a_witness_that_lies_lags_or_is_away_is_put_off_and_loses_nothing(scratch) {
        run(async {
            let plain = TestHouse::on(&scratch.settings).await;
            let witnesses = [Told::of(1), Told::of(2)];
            let house = watched(&plain, &witnesses).await;
            let twin = watched(&plain, &witnesses).await;
            opened(&house, 1).await;
            let size = sequenced(&plain).await;
            // While one process has its turn at a witness, no other has.
            let asked = errand(&house, 0).await.unwrap();
            assert!(errand(&twin, 0).await.is_none());
            let checkpoint = asked.request.judged(&[log(&house)], None).unwrap();
            let other = Checkpoint { root: [7; 32], ..checkpoint.clone() };
            let late = cosign(&checkpoint, 1, &witnesses[0]).unwrap();
            for lie in [
                String::new(),
                "no signature\n".to_owned(),
                witnesses[1].line(&checkpoint, &house),
                witnesses[0].line(&other, &house),
                late,
            ] {
                house.book().cosigned(&asked, &lie).await.unwrap();
                assert!(troubles(&house).await[0].is_some(), "{lie:?}");
            }
            // Put off for longer each time, and asked again then.
            assert!(errand(&house, 0).await.is_none());
            plain.advance(SignedDuration::from_mins(2));
            let asked = errand(&house, 0).await.unwrap();
            // It had seen less than we thought: asked again from there, at once.
            house.book().witness_is_at(&asked, 1).await.unwrap();
            let again = errand(&house, 0).await.unwrap();
            assert_eq!((again.request.old, again.size), (1, size));
            assert!(!stands(&house, Alarm::WitnessDisagrees));
            // It knows more than there is: rows were lost, or our key is used elsewhere.
            house.book().witness_is_at(&again, size + 5).await.unwrap();
            assert!(stands(&house, Alarm::WitnessDisagrees));
            sequenced(&plain).await;
            let reader = house.clone();
            let records = house.read("test::records", move |view| reader.book().records(view, 0, 100)).await.unwrap();
            assert_eq!(records.iter().filter(|one| one.kind == EventKind::WitnessDisagreed).count(), 1);
            // Acts went on all the time.
            noted(&house, 1).await;
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }

    // PROVES: R-76c
    fn a_quorum_older_than_five_minutes_is_an_alarm_until_it_is_heard_again(scratch) {
        run(async {
            let plain = TestHouse::on(&scratch.settings).await;
            let witnesses = [Told::of(1), Told::of(2), Told::of(3)];
            let house = watched(&plain, &witnesses).await;
            let started = house.now();
            opened(&house, 1).await;
            sequenced(&plain).await;
            house.book().watch_quorum(started).await.unwrap();
            assert!(!stands(&house, Alarm::QuorumOld), "a house that just started has time");
            plain.advance(SignedDuration::from_secs(301));
            house.book().watch_quorum(started).await.unwrap();
            assert!(stands(&house, Alarm::QuorumOld));
            let mut latest = None;
            for (at, witness) in witnesses.iter().enumerate().take(2) {
                latest = Some(cosigned(&house, at, witness, None).await);
            }
            house.book().watch_quorum(started).await.unwrap();
            assert!(!stands(&house, Alarm::QuorumOld));
            // Nothing grows, and still they are heard again: else silence would look like peace.
            plain.advance(SignedDuration::from_secs(301));
            house.book().watch_quorum(started).await.unwrap();
            assert!(stands(&house, Alarm::QuorumOld));
            for (at, witness) in witnesses.iter().enumerate().take(2) {
                cosigned(&house, at, witness, latest.as_ref()).await;
            }
            house.book().watch_quorum(started).await.unwrap();
            assert!(!stands(&house, Alarm::QuorumOld));
        });
    }

    // PROVES: R-76c
    fn what_cannot_be_put_into_the_ledger_is_not_done_and_is_an_alarm_at_once(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let database = scratch.open();
            opened(&house, 1).await;
            let behind = |sql: &'static str| database.write("test::behind", move |tx| tx.execute(sql, &bind! {})).wait();
            behind("-- test::away\nALTER TABLE ledger_leaf RENAME TO ledger_leaf_away").unwrap();
            assert!(house.alarms().is_empty());
            let failed = act(&house, |act| {
                act.new_report_key(report(2))?;
                act.note(store::Event::of_report(EventKind::ReportOpened, report(2)))
            });
            assert!(failed.await.is_err());
            assert!(stands(&house, Alarm::AppendFailing));
            assert_eq!(house.append_failures(), 1);
            let keys = crate::count(&house, "-- test::keys\nSELECT COUNT(*) FROM keystore WHERE report_id = 2");
            assert_eq!(keys.await, 0, "something was kept without its leaf");
            behind("-- test::back\nALTER TABLE ledger_leaf_away RENAME TO ledger_leaf").unwrap();
            opened(&house, 2).await;
            assert!(!stands(&house, Alarm::AppendFailing));
            // Nobody acts, and still it is found out.
            behind("-- test::away\nALTER TABLE ledger_tree RENAME TO ledger_tree_away").unwrap();
            assert!(house.book().probe().await.is_err());
            assert!(stands(&house, Alarm::AppendFailing));
            behind("-- test::back\nALTER TABLE ledger_tree_away RENAME TO ledger_tree").unwrap();
            house.book().probe().await.unwrap();
            assert!(house.alarms().is_empty());
        });
    }

    // PROVES: R-76a R-76c
    fn the_self_audit_finds_what_was_changed_behind_its_back(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let database = scratch.open();
            opened(&house, 1).await;
            let mut auditor = Auditor::default();
            for round in 0..3 {
                act(&house, move |act| {
                    (0..500).try_for_each(|_| act.note(store::Event::of_report(EventKind::ReportRead, report(1))).map(drop))
                })
                .await
                .unwrap();
                sequenced(&house).await;
                assert_eq!(auditor.tick(&house).await.unwrap(), None, "round {round}");
            }
            let found = |auditor: Auditor| {
                let house = house.house().clone();
                async move {
                    let mut auditor = auditor;
                    let passes = auditor.passes();
                    while auditor.passes() < passes + 2 {
                        if let Some(wrong) = auditor.tick(&house).await.unwrap() {
                            return (auditor, Some(wrong));
                        }
                    }
                    (auditor, None)
                }
            };
            let behind = |sql: &'static str| database.write("test::behind", move |tx| tx.execute(sql, &bind! {})).wait().unwrap();
            let (auditor, wrong) = found(auditor).await;
            assert_eq!(wrong, None);
            behind("-- test::change\nUPDATE ledger_leaf SET occurred_at = occurred_at + 1 WHERE leaf_index = 700");
            let (auditor, wrong) = found(auditor).await;
            assert!(wrong.unwrap().contains("ledger_leaf 700"));
            assert!(stands(&house, Alarm::LedgerBroken));
            behind("-- test::mend\nUPDATE ledger_leaf SET occurred_at = occurred_at - 1 WHERE leaf_index = 700");
            let (_, wrong) = found(auditor).await;
            assert_eq!(wrong, None);
            assert!(!stands(&house, Alarm::LedgerBroken));
            // That it was broken is in it for good, once.
            while house.book().sequence().await.map(|run| run.from < run.to).unwrap() {}
            assert_eq!(house.leaves(EventKind::LedgerBroken).await, 1);
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }
}
