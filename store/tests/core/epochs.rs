//! Epochs end, and with them every backup of a key that was removed.

use std::path::PathBuf;
use std::sync::Arc;

use database::bind;
use jiff::SignedDuration;
use seal::{DataKey, EpochKey, RootKey, SeededRandom, WrappedKey};
use store::testing::TestHouse;
use store::{Error, Event, EventKind, Fault, House, Turn, rotation};
use testkit::both_engines;

use crate::{act, noted, opened, report, run};

/// More than one batch, and one batch more.
const MANY: u64 = 2_100;

const KEY_ROW: &str = "-- test::key_row
    SELECT epoch, wrapped FROM keystore WHERE report_id = 1 AND name = 'report'";

const EPOCH_ROW: &str = "-- test::epoch_row
    SELECT held_as, wrapped FROM epoch_key WHERE number = :number";

const KEEP_ONLY: &str = "-- test::keep_only
    DELETE FROM keystore";

const KEEP_NO_EPOCH: &str = "-- test::keep_no_epoch
    DELETE FROM epoch_key";

const OLD_EPOCH: &str = "-- test::old_epoch
    INSERT INTO epoch_key (number, wrapped, created_at) VALUES (20600, :wrapped, 1)";

const OLD_KEY: &str = "-- test::old_key
    INSERT INTO keystore (report_id, name, epoch, wrapped, created_at) VALUES (:report_id, :name, 20600, :wrapped, 1)";

async fn many_opened(house: &House) {
    let open = act(house, |act| {
        (1..=MANY).try_for_each(|number| act.new_report_key(report(number)).map(drop))?;
        act.note(Event::of_report(EventKind::ReportOpened, report(1)))
    });
    open.await.unwrap();
}

/// Every report's key opens.
async fn all_open(house: &House) {
    let opening = house.read("test::all", |view| {
        (1..=MANY).try_for_each(|number| view.report_key(report(number)).map(drop))
    });
    opening.await.unwrap();
}

/// The epochs that live, and how many keys custody holds.
async fn alive(house: &TestHouse) -> (Vec<u32>, usize) {
    let live = house.read("test::live", rotation::live).await.unwrap();
    let held = std::fs::read_dir(house.folder().join("epochs")).unwrap().count();
    (live.iter().map(|epoch| epoch.number).collect(), held)
}

fn file_of(house: &TestHouse, name: &str) -> PathBuf {
    house.folder().join("epochs").join(format!("{name}.key"))
}

fn root(house: &TestHouse) -> RootKey {
    let text = std::fs::read_to_string(house.settings().root_key_file).unwrap();
    RootKey::from_bytes(seal::unhex(text.trim()).unwrap().try_into().unwrap())
}

both_engines! {
    fn an_epoch_ends_after_a_day_and_every_surviving_key_still_opens(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            many_opened(&house).await;
            house.advance(SignedDuration::from_secs(86_399));
            assert_eq!(house.rotation().run().await.unwrap(), Turn::Idle);
            house.advance(SignedDuration::from_secs(1));
            assert_eq!(house.rotation().run().await.unwrap(), Turn::Destroyed { epoch: 1 });
            assert_eq!(alive(&house).await, (vec![2], 1));
            all_open(&house).await;
            // In a process that has no key in memory.
            all_open(house.reopened(8).await.house()).await;
        });
    }

    // PROVES: R-52 R-64
    fn a_backup_of_a_removed_key_opens_nothing_once_its_epoch_ended(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            opened(&house, 1).await;
            opened(&house, 2).await;
            // What every backup of that day holds: the row of the key and the row of its epoch.
            let backup = house.read("test::backup", |view| {
                let (number, wrapped): (u32, Vec<u8>) = view.tx().get(KEY_ROW, &bind! {})?;
                let (held_as, epoch): (String, Vec<u8>) = view.tx().get(EPOCH_ROW, &bind! { number })?;
                Ok((number, wrapped, held_as, epoch))
            });
            let (number, wrapped, held_as, epoch) = backup.await.unwrap();
            let folder = house.folder().join("epochs");
            let seal_of_files = root(&house).derive("custody/files/v1").unwrap();
            let restored = move || {
                let custody =
                    custody::Files::open(folder.clone(), seal_of_files, Arc::new(SeededRandom::from_seed(5))).unwrap();
                let epoch = EpochKey::unwrapped_by(&custody, &held_as, number, &WrappedKey(epoch.clone()));
                epoch.map(|epoch| epoch.unwrap(&WrappedKey(wrapped.clone()), b"report/1").unwrap())
            };
            // As long as the epoch lives, so does the backup, even after the key was removed.
            act(&house, |act| {
                assert_eq!(act.destroy_keys(report(1))?, 1);
                act.note(Event::of_report(EventKind::ReportDestroyed, report(1)))
            })
            .await
            .unwrap();
            assert!(restored().is_ok());
            house.rotation().run_through(number).await.unwrap();
            assert!(matches!(restored(), Err(seal::CustodyFault::Gone { .. })));
            // The other key was not touched.
            assert!(house.read("test::other", |view| view.report_key(report(2))).await.is_ok());
        });
    }

    fn a_rotation_that_is_killed_after_any_step_is_ended_by_the_next_process(scratch) {
        run(async {
            let mut house = TestHouse::on(&scratch.settings).await;
            many_opened(&house).await;
            for killed_after in 0..7 {
                house.advance(SignedDuration::from_hours(25));
                for _ in 0..killed_after {
                    house.rotation().step(None).await.unwrap();
                }
                assert!(alive(&house).await.0.len() <= 2, "after {killed_after}");
                house = house.reopened(100 + killed_after).await;
                all_open(&house).await;
                house.rotation().run().await.unwrap();
                let (live, held) = alive(&house).await;
                assert_eq!((live.len(), held), (1, 1), "killed after {killed_after}");
                all_open(&house).await;
            }
        });
    }

    fn a_process_that_made_a_key_in_custody_and_died_leaves_no_key_behind(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            opened(&house, 1).await;
            // As it lies there when the process dies before the row of the epoch is written; and a stranger's key.
            let (live, _) = alive(&house).await;
            let name = house.read("test::name", move |view| {
                Ok(view.tx().get::<(String, Vec<u8>)>(EPOCH_ROW, &bind! { number: live[0] })?.0)
            });
            let litter = name.await.unwrap().replacen("e1-", "e2-", 1);
            std::fs::write(file_of(&house, &litter), "x").unwrap();
            std::fs::write(file_of(&house, "e1-12345678-00000000"), "x").unwrap();
            for _ in 0..2 {
                house.advance(SignedDuration::from_hours(24));
                house.rotation().run().await.unwrap();
            }
            assert!(!file_of(&house, &litter).exists());
            assert!(file_of(&house, "e1-12345678-00000000").exists(), "another house's");
        });
    }

    fn writers_and_readers_go_on_while_two_processes_rotate(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let twin = house.twin(8).await;
            many_opened(&house).await;
            house.advance(SignedDuration::from_hours(24));
            let rotate = |house: House| tokio::spawn(async move { house.rotation().run().await.map(drop) });
            let rotating = [rotate(house.house().clone()), rotate(twin.clone())];
            let write = |number: u64| {
                let house = if number.is_multiple_of(2) { house.house().clone() } else { twin.clone() };
                tokio::spawn(async move {
                    opened(&house, MANY + number).await;
                    noted(&house, 1 + number).await;
                })
            };
            let writing: Vec<_> = (1..=60).map(write).collect();
            for one in writing {
                one.await.unwrap();
            }
            for one in rotating {
                one.await.unwrap().unwrap();
            }
            house.rotation().run().await.unwrap();
            let (live, held) = alive(&house).await;
            assert_eq!((live.len(), held), (1, 1));
            for house in [house.house(), &twin] {
                let opening = house.read("test::all", |view| {
                    (1..=MANY + 60).try_for_each(|number| view.report_key(report(number)).map(drop))
                });
                opening.await.unwrap();
            }
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }

    fn a_process_that_has_not_looked_cannot_make_a_key_under_an_ended_epoch(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let twin = house.twin(8).await;
            opened(&twin, 1).await;
            // No time passes, so the twin sees no reason to look.
            house.rotation().run_through(1).await.unwrap();
            opened(&twin, 2).await;
            assert!(house.read("test::key", |view| view.report_key(report(2))).await.is_ok());
            assert_eq!(house.read("test::live", rotation::live).await.unwrap()[0].keys, 3);
        });
    }

    fn an_epoch_is_not_destroyed_while_custody_has_lost_the_next(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            opened(&house, 1).await;
            house.advance(SignedDuration::from_hours(24));
            assert_eq!(house.rotation().step(None).await.unwrap(), Turn::Began { epoch: 2 });
            let name = house.read("test::name", |view| {
                Ok(view.tx().get::<(String, Vec<u8>)>(EPOCH_ROW, &bind! { number: 2 })?.0)
            });
            let file = file_of(&house, &name.await.unwrap());
            let away = house.folder().join("away");
            std::fs::rename(&file, &away).unwrap();
            let refused = house.rotation().run().await;
            assert!(matches!(refused, Err(Error::Fault(Fault::Custody(_)))), "{refused:?}");
            assert_eq!(alive(&house).await.0, [1, 2]);
            // Back again, it goes on where it was.
            std::fs::rename(&away, &file).unwrap();
            assert_eq!(house.rotation().run().await.unwrap(), Turn::Destroyed { epoch: 1 });
        });
    }

    fn a_house_from_before_custody_moves_its_keys_and_forgets_the_old_days(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let random = SeededRandom::from_seed(41);
            let day = EpochKey::generate(20_600, &random).unwrap();
            let wrapped = root(&house).wrap_epoch(&day, &random).unwrap().0;
            let key = |context: &[u8]| day.wrap(&DataKey::generate(&random).unwrap(), context, &random).unwrap().0;
            let keys = [(0_u64, "house", key(b"house/0")), (1, "report", key(b"report/1"))];
            let before = house.house().write("test::before", move |tx| {
                tx.execute(KEEP_ONLY, &bind! {})?;
                tx.execute(KEEP_NO_EPOCH, &bind! {})?;
                tx.execute(OLD_EPOCH, &bind! { wrapped: wrapped.clone() })?;
                for (report_id, name, wrapped) in &keys {
                    tx.execute(OLD_KEY, &bind! { report_id: *report_id, name: *name, wrapped: wrapped.clone() })?;
                }
                Ok(())
            });
            before.await.unwrap();
            let house = house.reopened(8).await;
            assert!(house.read("test::key", |view| view.report_key(report(1))).await.is_ok());
            house.rotation().run().await.unwrap();
            let live = house.read("test::live", rotation::live).await.unwrap();
            assert_eq!((live.len(), live[0].number, live[0].keys), (1, 20_601, 2));
            // What the root had sealed does not stay, for the root goes on living.
            let kept = house.read("test::kept", |view| {
                Ok(view.tx().get::<Option<Vec<u8>>>("-- test::kept
                    SELECT wrapped FROM epoch_history WHERE number = 20600", &bind! {})?)
            });
            assert_eq!(kept.await.unwrap(), None);
            assert!(house.reopened(9).await.read("test::key", |view| view.report_key(report(1))).await.is_ok());
        });
    }
}
