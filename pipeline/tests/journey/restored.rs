//! The proof with the tools of an operator: the oldest backup, made by `pg_dump` and a copy of the bucket, is restored beside
//! every key that lives today. The destroyed file does not open, and a control does (R-52, security practice 2.6).

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use database::{Database, bind};
use domain::{Private, Profile};
use pipeline::destroy;
use store::destruction::State;
use store::testing::{Plan, TestHouse};
use store::{House, VaultSettings};
use testkit::{both_engines, postgres};

use crate::destroyed::{accept, ask, delivered, state};
use crate::{furnished, furnished_as, run};

const KEYS: &str = "-- test::keys
    SELECT report_id, name, epoch, wrapped, created_at FROM keystore";

const EPOCHS: &str = "-- test::epochs
    SELECT number, held_as, wrapped, created_at FROM epoch_key";

const PUT_KEY: &str = "-- test::put_key
    INSERT INTO keystore (report_id, name, epoch, wrapped, created_at) VALUES (:report, :name, :epoch, :wrapped, :at)
    ON CONFLICT (report_id, name) DO UPDATE SET epoch = excluded.epoch, wrapped = excluded.wrapped";

const PUT_EPOCH: &str = "-- test::put_epoch
    INSERT INTO epoch_key (number, held_as, wrapped, created_at) VALUES (:number, :held_as, :wrapped, :at)
    ON CONFLICT (number) DO UPDATE SET held_as = excluded.held_as, wrapped = excluded.wrapped";

const HAS_KEY: &str = "-- test::has_key
    SELECT COUNT(*) FROM keystore WHERE report_id = :report AND name = :name";

type KeyRow = (i64, String, i64, Vec<u8>, i64);
type EpochRow = (i64, Option<String>, Vec<u8>, i64);

/// The S3 server of the tests.
struct S3(String);

impl S3 {
    #[expect(clippy::disallowed_methods, reason = "the runner of the tests names its server")]
    fn found() -> Self {
        let url = std::env::var("CLEARINGHOUSE_TEST_S3");
        let url = url.expect("there is no S3 server: run `cargo xtask test`, which starts one");
        Self(url.trim_start_matches("http://").trim_end_matches('/').to_owned())
    }

    fn ask(&self, method: &str, path: &str, header: &str) -> String {
        let mut stream = TcpStream::connect(&self.0).unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{header}Content-Length: 0\r\n", self.0);
        write!(stream, "{head}Connection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{method} {path}: {answer}");
        answer
    }

    /// A copy of a bucket, as `aws s3 sync` makes one. Answers how many objects it has.
    fn copy(&self, from: &str, to: &str) -> usize {
        self.ask("PUT", &format!("/{to}"), "");
        let listed = self.ask("GET", &format!("/{from}?list-type=2"), "");
        let keys = listed.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
        let copied = keys.map(|key| {
            self.ask("PUT", &format!("/{to}/{key}"), &format!("x-amz-copy-source: /{from}/{key}\r\n"));
        });
        copied.count()
    }

    fn vault(&self, bucket: &str) -> VaultSettings {
        VaultSettings {
            url: format!("s3://{bucket}?endpoint=http://{}&region=us-east-1", self.0),
            access_key_id: Some("test".to_owned()),
            secret_access_key: Some(Private::new("test".to_owned())),
        }
    }
}

/// Every key that lives today, put over those of the backup.
fn with_todays_keys(today: &Database, restored: &Database) {
    let read = |text| {
        today.read::<Vec<KeyRow>, database::Fault, _>("test::today", move |tx| tx.rows(text, &bind! {}))
    };
    let keys = read(KEYS).wait().unwrap();
    let epochs: Vec<EpochRow> =
        today.read::<_, database::Fault, _>("test::epochs", |tx| tx.rows(EPOCHS, &bind! {})).wait().unwrap();
    let put = restored.write::<_, database::Fault, _>("test::put", move |tx| {
        for (number, held_as, wrapped, at) in epochs.clone() {
            tx.execute(PUT_EPOCH, &bind! { number, held_as, wrapped, at })?;
        }
        for (report, name, epoch, wrapped, at) in keys.clone() {
            tx.execute(PUT_KEY, &bind! { report, name, epoch, wrapped, at })?;
        }
        Ok(())
    });
    put.wait().unwrap();
}

// PROVES: R-52 R-56 R-64
#[test]
fn the_oldest_backup_by_pg_dump_and_a_copied_bucket_open_the_control_and_not_what_was_destroyed() {
    let (scratch, s3) = (testkit::on_postgres(), S3::found());
    run(async {
        let name =
            scratch.settings.url.rsplit('/').next().unwrap().split('?').next().unwrap().replace('_', "-");
        let (bucket, copy) = (format!("oldest-{name}"), format!("oldest-{name}-copy"));
        s3.ask("PUT", &format!("/{bucket}"), "");
        let plan = Plan {
            profile: Profile::SyntheticDemo,
            database: Some(scratch.settings.clone()),
            vault: Some(s3.vault(&bucket)),
            ..Plan::default()
        };
        let house: TestHouse = furnished_as(plan).await;
        let (report, goes) = delivered(&house, b"the dull card that goes").await;
        let (other, stays) = delivered(&house, b"the dull card that stays").await;

        // The oldest backup: the database first, then the bucket.
        let file = house.folder().join("oldest.dump");
        postgres::dump(&scratch.settings.url, &file);
        assert!(s3.copy(&bucket, &copy) >= 2);

        ask(&house, "d-1", &[(report, &goes)]).await.unwrap();
        accept(&house, "d-1").await.unwrap();
        assert_eq!(destroy::run(&house).await.unwrap(), 1);
        assert_eq!(state(&house, "d-1").await, State::Certified);

        // Restored in another place, with the live custody, the root key, and every key of today.
        let restored = testkit::on_postgres();
        postgres::restore(&file, &restored.settings.url);
        let mut settings = house.settings();
        settings.database.url = Private::new(restored.settings.url.clone());
        settings.vault = s3.vault(&copy);
        // By itself it does not even open: its epochs are dead.
        assert!(
            House::open(&settings, house.given(31)).await.is_err(),
            "a backup opens without a living epoch"
        );
        with_todays_keys(&scratch.open(), &restored.open());
        let sandbox = House::open(&settings, house.given(32)).await.unwrap();
        let key = format!("evidence/{}", goes.file);
        let kept = sandbox.read("test::has_key", move |view| {
            Ok(view.tx().get::<u64>(HAS_KEY, &bind! { report: report.get(), name: key.as_str() })?)
        });
        assert_eq!(kept.await.unwrap(), 1, "the backup holds the wrapped key of what was destroyed");
        assert!(sandbox.vault().opens(other, &stays).await.unwrap(), "the control opens");
        assert!(
            !sandbox.vault().opens(report, &goes).await.unwrap_or(false),
            "what was destroyed opens again"
        );
        sandbox.close();
    });
}

both_engines! {
    // PROVES: R-52 R-56
    fn rows_bytes_and_root_key_without_custody_open_nothing_even_while_their_epochs_live(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, blob) = delivered(&house, b"the dull card that stays").await;
            // What a thief of a fresh backup has, and the root key's file with it: everything but custody.
            let stolen = house.folder().join("stolen");
            std::fs::create_dir(&stolen).unwrap();
            std::fs::copy(house.folder().join("root.key"), stolen.join("root.key")).unwrap();
            let mut settings = house.settings();
            settings.root_key_file = stolen.join("root.key");
            assert!(House::open(&settings, house.given(41)).await.is_err());
            assert!(house.vault().opens(report, &blob).await.unwrap());
        });
    }
}
