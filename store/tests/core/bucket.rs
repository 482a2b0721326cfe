//! The vault in a bucket, against a stranger's S3 server on the loopback.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use domain::{Private, Profile};
use store::testing::{Plan, TestHouse};
use store::{BlobKind, Error, Fault, Keep, VaultSettings};

use crate::vault::{adopted, dull, file, kept, permit, read_whole, written};
use crate::{opened, run};

const MIB: usize = 1024 * 1024;
const VARIABLE: &str = "CLEARINGHOUSE_TEST_S3";
const ASK_EVERY: Duration = Duration::from_millis(50);
const ASK_TIMES: u32 = 600;

/// The server that `cargo xtask test` started, or one of this test's own.
struct Server {
    authority: String,
    child: Option<Child>,
}

impl Server {
    #[expect(clippy::disallowed_methods, reason = "the runner of the tests names its server")]
    fn found() -> Self {
        if let Ok(url) = std::env::var(VARIABLE) {
            let authority = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
            return Self { authority, child: None };
        }
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder has a name");
        let program = target.join("strangers/s3/bin/moto_server");
        assert!(
            program.is_file(),
            "there is no S3 server: run `cargo xtask test`, which installs and starts one"
        );
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { authority: format!("127.0.0.1:{port}"), child: Some(child) };
        server.wait();
        server
    }

    #[expect(clippy::disallowed_methods, reason = "another program's start gives no event to wait for")]
    fn wait(&self) {
        for _ in 0..ASK_TIMES {
            if TcpStream::connect(&self.authority).is_ok() {
                return;
            }
            std::thread::sleep(ASK_EVERY);
        }
        panic!("the S3 server of the test does not answer");
    }

    /// One request without a body; answers what the server said.
    fn ask(&self, method: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.authority).unwrap();
        let host = &self.authority;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// A house whose vault is a fresh bucket of that name.
    async fn house(&self, bucket: &str, plan: Plan) -> TestHouse {
        let made = self.ask("PUT", &format!("/{bucket}"));
        assert!(made.starts_with("HTTP/1.1 200"), "{made}");
        let vault = VaultSettings {
            url: format!("s3://{bucket}?endpoint=http://{}&region=us-east-1", self.authority),
            access_key_id: Some("test".to_owned()),
            secret_access_key: Some(Private::new("test".to_owned())),
        };
        TestHouse::of(Plan { vault: Some(vault), ..plan }).await
    }

    fn objects(&self, bucket: &str) -> usize {
        self.ask("GET", &format!("/{bucket}?list-type=2")).matches("<Key>").count()
    }

    fn uploads(&self, bucket: &str) -> usize {
        self.ask("GET", &format!("/{bucket}?uploads")).matches("<Upload>").count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().expect("a server of ours can be ended");
            child.wait().expect("a server of ours ends");
        }
    }
}

#[test]
fn files_of_every_size_come_back_from_a_bucket() {
    let server = Server::found();
    run(async {
        let house = server.house("every-size", Plan::default()).await;
        opened(&house, 1).await;
        for (number, size) in (0..).zip([0, 100_000, MIB + 1, 7 * MIB, 9 * MIB, 34 * MIB + 5]) {
            let bytes = dull(size);
            let stored = written(&house, number, &bytes).await;
            assert_eq!(stored.digests.sha256, seal::sha256(&bytes), "{size}");
            let blob = adopted(&house, &stored.kept.unwrap()).await;
            house.vault().check(&blob).await.unwrap();
            assert!(read_whole(&house, number, &blob).await == bytes, "{size}");
            let reader = house.vault().open(&permit(number), &blob).await.unwrap();
            let (from, to) = (size / 3, size / 2);
            let range = reader.read_range(from as u64, (to - from) as u64).await.unwrap();
            assert!(range == bytes[from..to], "{size}");
        }
        assert_eq!((server.objects("every-size"), server.uploads("every-size")), (6, 0));
        let sha256 = store::dataset::keep(&house, dull(70_000)).await.unwrap();
        assert!(store::dataset::bytes(&house, &sha256).await.unwrap() == dull(70_000));
        assert!(store::dataset::bytes(&house, &[0; 32]).await.is_err());
    });
}

#[test]
fn segments_in_a_bucket_become_one_object() {
    let server = Server::found();
    run(async {
        let house = server.house("segments", Plan::default()).await;
        opened(&house, 1).await;
        let bytes = dull(20 * MIB + 3);
        let mut segments = Vec::new();
        for (name, part) in (10..).zip(bytes.chunks(9 * MIB)) {
            let mut writer = house.vault().begin(BlobKind::Segment, &file(name)).unwrap();
            writer.push(part).await.unwrap();
            let kept = writer.finish(Keep::Yes).await.unwrap().kept.unwrap();
            segments.push(adopted(&house, &kept).await);
        }
        assert_eq!(server.objects("segments"), 3);
        let mut writer = house.vault().begin(BlobKind::Evidence, &file(1)).unwrap();
        house.vault().join(crate::report(1), &segments, &mut writer).await.unwrap();
        let stored = writer.finish(Keep::Yes).await.unwrap();
        assert_eq!(stored.digests.sha256, seal::sha256(&bytes));
        let blob = adopted(&house, &stored.kept.unwrap()).await;
        house.vault().discard(&segments).await.unwrap();
        assert_eq!(server.objects("segments"), 1);
        assert!(read_whole(&house, 1, &blob).await == bytes);
    });
}

#[test]
fn a_dropped_or_foreign_upload_leaves_nothing_in_the_bucket() {
    let server = Server::found();
    run(async {
        let plan = Plan {
            profile: Profile::SyntheticDemo,
            corpus: std::sync::Arc::new(|_| false),
            ..Plan::default()
        };
        let house = server.house("leaves-nothing", plan).await;
        for (number, size) in (0..).zip([1_000, 2 * MIB, 20 * MIB]) {
            assert!(written(&house, number, &dull(size)).await.kept.is_none());
            let mut writer = house.vault().begin(BlobKind::Evidence, &file(number)).unwrap();
            writer.push(&dull(size)).await.unwrap();
            drop(writer);
        }
        let given_up = async {
            while server.uploads("leaves-nothing") > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), given_up).await.expect("the uploads are given up");
        assert_eq!(server.objects("leaves-nothing"), 0);
    });
}

#[test]
fn a_bucket_that_is_not_there_is_a_fault_and_the_house_goes_on() {
    let server = Server::found();
    run(async {
        let house = server.house("is-there", Plan::default()).await;
        opened(&house, 1).await;
        let blob = kept(&house, 1, b"dull").await;
        let mut settings = house.settings();
        settings.vault.url = format!("s3://is-not-there?endpoint=http://{}", server.authority);
        let elsewhere = store::House::open(&settings, house.given(9)).await.unwrap();
        let mut writer = elsewhere.vault().begin(BlobKind::Evidence, &file(2)).unwrap();
        writer.push(b"dull").await.unwrap();
        assert!(matches!(
            writer.finish(Keep::Yes).await,
            Err(Error::Fault(Fault::Depot(depot::Fault::Objects { .. })))
        ));
        assert!(matches!(elsewhere.vault().check(&blob).await, Err(Error::Fault(Fault::BlobMissing))));
        opened(&elsewhere, 2).await;
    });
}
