//! What only a server can do to us: go away, cut a connection, make us collide, or not be who it should be.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use std::sync::{Arc, Barrier, mpsc};

use database::{Database, Fault, Migration, Settings, Tx, bind};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use testkit::postgres::{Private, administer};

const SCHEMA: &[Migration] = &[Migration::new(
    1,
    "accounts",
    "CREATE TABLE account (id BIGINT PRIMARY KEY, held BIGINT NOT NULL);
     INSERT INTO account VALUES (1, 0), (2, 0);",
)];

const RAISE: &str = "-- account::raise
    UPDATE account SET held = held + 1 WHERE id = :id";

const OPEN: &str = "-- account::open
    INSERT INTO account VALUES (:id, 0)";

const HELD: &str = "-- account::held
    SELECT held FROM account WHERE id = :id";

const BACKEND: &str = "-- backend::number
    SELECT pg_backend_pid()";

fn postgres_client(url: &str) -> postgres::Client {
    postgres::Client::connect(url, postgres::NoTls).unwrap()
}

/// Calls again while the server is away; bounded, so that a server that stays away fails the test.
fn until_it_answers<T>(mut call: impl FnMut() -> Result<T, Fault>) -> T {
    for _ in 0..2_000_000 {
        match call() {
            Ok(answer) => return answer,
            Err(Fault::Unavailable { .. }) => std::thread::yield_now(),
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("the server stayed away");
}

fn raise(tx: &Tx<'_>, id: i64) -> Result<(), Fault> {
    tx.execute(RAISE, &bind! { id }).map(drop)
}

fn held(database: &Database) -> i64 {
    database.read("held", |tx| tx.get::<i64>(HELD, &bind! { id: 1_i64 })).wait().unwrap()
}

#[test]
fn a_killed_connection_is_replaced_and_its_transaction_runs_again_once() {
    let scratch = testkit::on_postgres();
    let settings = Settings { connections: 1, ..scratch.settings.clone() };
    let database = Database::open(&settings).unwrap();
    database.migrate(SCHEMA).unwrap();
    let mut runs = 0;
    let answer = database.write("killed", move |tx| {
        runs += 1;
        raise(tx, 1)?;
        let backend: i64 = tx.get(BACKEND, &bind! {})?;
        if runs == 1 {
            administer(&format!("SELECT pg_terminate_backend({backend})")).unwrap();
        }
        raise(tx, 1)?;
        Ok::<_, Fault>(runs)
    });
    assert_eq!(answer.wait().unwrap(), 2);
    assert_eq!(held(&database), 2);
    let measures = database.measures();
    assert_eq!(measures.iter().find(|measure| measure.name == "killed").unwrap().retries, 1);
}

#[test]
fn an_idle_connection_that_was_cut_is_not_noticed_by_the_next_caller() {
    let scratch = testkit::on_postgres();
    let settings = Settings { connections: 1, ..scratch.settings.clone() };
    let database = Database::open(&settings).unwrap();
    database.migrate(SCHEMA).unwrap();
    let backend: i64 = database
        .read("backend", |tx| tx.get(BACKEND, &bind! {}))
        .wait()
        .unwrap_or_else(|fault: Fault| panic!("{fault:?}"));
    administer(&format!("SELECT pg_terminate_backend({backend})")).unwrap();
    database.write("raise", |tx| raise(tx, 1)).wait().unwrap();
    assert_eq!(held(&database), 1);
}

/// Trips to the server so far in transactions of a name.
fn trips(database: &Database, name: &str) -> u64 {
    database.measures().iter().find(|measure| measure.name == name).map_or(0, |measure| measure.trips)
}

#[test]
fn however_much_is_put_the_server_is_waited_for_twice() {
    let scratch = testkit::on_postgres();
    let database = Database::open(&Settings { connections: 1, ..scratch.settings.clone() }).unwrap();
    database.migrate(SCHEMA).unwrap();
    let act = |first: i64| {
        let put = database.write("put", move |tx| {
            (first..first + 10).try_for_each(|id| tx.put(OPEN, &bind! { id }))?;
            tx.put(RAISE, &bind! { id: first })
        });
        put.wait().unwrap_or_else(|fault: Fault| panic!("{fault:?}"));
        trips(&database, "put")
    };
    // Each statement is prepared once, on the first trip that it makes.
    let before = act(10);
    assert_eq!(act(20) - before, 2);
    let read = |_| {
        let read = database.read("read", |tx| {
            Ok((tx.get::<i64>(HELD, &bind! { id: 10_i64 })?, tx.get::<i64>(HELD, &bind! { id: 20_i64 })?))
        });
        assert_eq!(read.wait().unwrap_or_else(|fault: Fault| panic!("{fault:?}")), (1, 1));
        trips(&database, "read")
    };
    // The first is tried without a transaction, and prepares its statement.
    let counts: Vec<u64> = (0..3).map(read).collect();
    assert_eq!(counts[2] - counts[1], 2, "as many as there are statements");
}

#[test]
fn what_was_announced_comes_behind_the_next_answer_and_is_as_new_as_what_was_written() {
    let scratch = testkit::on_postgres();
    let database = Database::open(&Settings { connections: 1, ..scratch.settings.clone() }).unwrap();
    database.migrate(SCHEMA).unwrap();
    let held = |tx: &Tx<'_>, id: i64| tx.get::<i64>(HELD, &bind! { id });
    let act = |before: i64| {
        let acted = database.write("act", move |tx| {
            tx.ahead(&[(HELD, bind! { id: 1_i64 }), (HELD, bind! { id: 2_i64 })])?;
            let raised = tx.soon(RAISE, &bind! { id: 1_i64 })?;
            raise(tx, 2)?;
            assert_eq!((held(tx, 1)?, held(tx, 2)?, raised.count(tx)?), (before + 1, before + 1, 1));
            tx.put(RAISE, &bind! { id: 1_i64 })?;
            tx.put(RAISE, &bind! { id: 2_i64 })?;
            let all: Vec<Vec<i64>> =
                tx.rows_all(&[(HELD, bind! { id: 1_i64 }), (HELD, bind! { id: 2_i64 })])?;
            assert_eq!(all, [[before + 2], [before + 2]]);
            Ok::<_, Fault>(())
        });
        acted.wait().unwrap();
        trips(&database, "act")
    };
    // The statements are prepared first.
    let counts = [act(0), act(2), act(4)];
    assert_eq!(
        counts[2] - counts[1],
        3,
        "the writes with the reads behind them, the reads again, the commit"
    );
}

#[test]
fn a_read_that_announces_is_of_one_snapshot() {
    let scratch = testkit::on_postgres();
    let database = Database::open(&Settings { connections: 1, ..scratch.settings.clone() }).unwrap();
    database.migrate(SCHEMA).unwrap();
    let read = || {
        let read = database.read("read", |tx| {
            tx.ahead(&[(HELD, bind! { id: 2_i64 })])?;
            Ok::<_, Fault>((
                tx.get::<i64>(HELD, &bind! { id: 1_i64 })?,
                tx.get::<i64>(HELD, &bind! { id: 2_i64 })?,
            ))
        });
        assert_eq!(read.wait().unwrap(), (0, 0));
        trips(&database, "read")
    };
    let counts = [read(), read(), read()];
    assert_eq!(counts[2] - counts[1], 1, "all in one trip");
}

#[test]
fn a_cut_connection_is_noticed_before_what_was_only_put_is_committed() {
    let scratch = testkit::on_postgres();
    let database = Database::open(&Settings { connections: 1, ..scratch.settings.clone() }).unwrap();
    database.migrate(SCHEMA).unwrap();
    let put = || database.write("put", |tx| tx.put(RAISE, &bind! { id: 1_i64 })).wait();
    put().unwrap();
    let backend = database.read("backend", |tx| tx.get::<i64>(BACKEND, &bind! {})).wait().unwrap();
    administer(&format!("SELECT pg_terminate_backend({backend})")).unwrap();
    put().unwrap();
    assert_eq!(held(&database), 2);
}

#[test]
fn transactions_that_deadlock_are_both_committed_in_the_end() {
    let scratch = testkit::on_postgres();
    let database = scratch.open();
    database.migrate(SCHEMA).unwrap();
    let both_hold_one = Arc::new(Barrier::new(2));
    let cross = |first: i64, second: i64| {
        let barrier = Arc::clone(&both_hold_one);
        let mut runs = 0;
        database.write("cross", move |tx| {
            runs += 1;
            raise(tx, first)?;
            if runs == 1 {
                barrier.wait();
            }
            raise(tx, second)
        })
    };
    let (one, other) = (cross(1, 2), cross(2, 1));
    one.wait().unwrap();
    other.wait().unwrap();
    assert_eq!(held(&database), 2);
    assert!(database.measures().iter().any(|measure| measure.name == "cross" && measure.retries >= 1));
}

#[test]
fn while_the_server_is_away_callers_are_told_at_once_and_afterwards_served() {
    let mut server = Private::start();
    let database = Database::open(&Settings { connections: 2, ..Settings::at(server.url()) }).unwrap();
    database.migrate(SCHEMA).unwrap();
    server.stop();
    let away: Vec<_> = (0..20).map(|_| database.write("away", |tx| raise(tx, 1)).wait()).collect();
    assert!(away.iter().all(|answer| matches!(answer, Err(Fault::Unavailable { .. }))), "{away:?}");
    server.resume();
    until_it_answers(|| database.write("back", |tx| raise(tx, 1)).wait());
    assert_eq!(
        until_it_answers(|| database.read("held", |tx| tx.get::<i64>(HELD, &bind! { id: 1_i64 })).wait()),
        1
    );
}

/// A server of which nothing is heard any more, as long as the guard lives: every process of it stands still.
struct Silence(Vec<String>);

impl Silence {
    fn of(url: &str) -> Self {
        let mut client = postgres_client(url);
        let own = client.query_one("SELECT pg_backend_pid()", &[]).unwrap().get::<_, i32>(0);
        let rows = client.query("SELECT pid FROM pg_stat_activity WHERE pid <> $1", &[&own]).unwrap();
        let silence = Self(rows.iter().map(|row| row.get::<_, i32>(0).to_string()).collect());
        silence.signal("-STOP");
        silence
    }

    fn signal(&self, signal: &str) {
        let told = std::process::Command::new("kill").arg(signal).args(&self.0).status().unwrap();
        assert!(told.success());
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        self.signal("-CONT");
    }
}

#[test]
fn a_connection_that_falls_silent_is_given_up_and_another_serves() {
    let server = Private::start();
    let settings = Settings { connections: 2, answer_timeout_ms: 1_000, ..Settings::at(server.url()) };
    let database = Database::open(&settings).unwrap();
    database.migrate(SCHEMA).unwrap();
    // Both connections are made.
    let both = Arc::new(Barrier::new(2));
    let meet = |_| {
        let both = Arc::clone(&both);
        database.read("meet", move |tx| {
            let met = tx.get::<i64>(HELD, &bind! { id: 1_i64 });
            both.wait();
            met
        })
    };
    let met: Vec<_> = (0..2).map(meet).collect();
    assert!(met.into_iter().all(|answer| answer.wait().unwrap() == 0));

    let silence = Silence::of(&server.url());
    // Two are under way when the server falls silent, and the others wait behind them.
    let waited: Vec<_> = (0..6).map(|_| database.write("silent", |tx| raise(tx, 1))).collect();
    let answers: Vec<_> = waited.into_iter().map(database::Pending::wait).collect();
    assert!(answers.iter().all(|answer| matches!(answer, Err(Fault::Unavailable { .. }))), "{answers:?}");
    // The server takes new connections all the while.
    assert_eq!(held(&database), 0);
    database.write("raise", |tx| raise(tx, 1)).wait().unwrap();
    drop(silence);
    // What was given up does not happen afterwards: its callers may have asked again.
    database.close();
    let again = Database::open(&settings).unwrap();
    assert_eq!(held(&again), 1);
}

#[test]
fn those_who_joined_a_question_that_falls_silent_hear_it_as_soon_as_whoever_asked_first() {
    let server = Private::start();
    let settings = Settings { connections: 1, answer_timeout_ms: 5_000, ..Settings::at(server.url()) };
    let database = Database::open(&settings).unwrap();
    database.migrate(SCHEMA).unwrap();
    let (go, wait) = mpsc::channel();
    let busy = database.read("busy", move |_| {
        wait.recv().unwrap();
        Ok::<_, Fault>(())
    });
    let ask = |_| database.read_together("asked", "", |tx| tx.get::<i64>(HELD, &bind! { id: 1_i64 }));
    let [first, joined, other] = [0, 1, 2].map(ask);
    let silence = Silence::of(&server.url());
    go.send(()).unwrap();
    busy.wait().unwrap();
    assert!(matches!(first.wait(), Err::<i64, _>(Fault::Unavailable { .. })));
    // Were they still to be answered, the server's next word would do it.
    drop(silence);
    for joined in [joined, other] {
        assert!(matches!(joined.wait(), Err::<i64, _>(Fault::Closed)), "each asks alone now");
    }
    assert_eq!(held(&database), 0);
}

#[test]
fn a_database_whose_server_fell_silent_can_be_closed() {
    let server = Private::start();
    let settings = Settings { connections: 1, answer_timeout_ms: 500, ..Settings::at(server.url()) };
    let database = Database::open(&settings).unwrap();
    database.migrate(SCHEMA).unwrap();
    let _silence = Silence::of(&server.url());
    let silent = database.write("silent", |tx| raise(tx, 1));
    database.close();
    assert!(matches!(silent.wait(), Err(Fault::Unavailable { .. })));
}

#[test]
fn a_server_that_is_not_there_is_told_when_opening() {
    let mut server = Private::start();
    server.stop();
    let opened = Database::open(&Settings::at(server.url()));
    assert!(matches!(opened, Err(Fault::Unavailable { .. })));
}

#[test]
fn a_closed_database_leaves_no_connection_behind() {
    let scratch = testkit::on_postgres();
    let database = scratch.open();
    let answers: Vec<_> =
        (0..50).map(|_| database.read("backend", |tx| tx.get::<i64>(BACKEND, &bind! {}))).collect();
    let backends: Vec<_> = answers.into_iter().map(|answer| answer.wait().unwrap().to_string()).collect();
    database.close();
    let left = format!("SELECT COUNT(*) FROM pg_stat_activity WHERE pid IN ({})", backends.join(", "));
    // The server needs a moment to notice the farewell.
    let gone = (0..10_000).any(|_| administer(&left).unwrap() == "0");
    assert!(gone);
}

#[test]
fn a_pending_answer_that_is_dropped_leaves_out_a_read_but_not_a_write() {
    let scratch = testkit::on_postgres();
    let database = Database::open(&Settings { connections: 1, ..scratch.settings.clone() }).unwrap();
    database.migrate(SCHEMA).unwrap();
    let (release, wait_for_release) = mpsc::channel::<()>();
    let blocker = database.write("blocker", move |_| {
        wait_for_release.recv().unwrap();
        Ok::<_, Fault>(())
    });
    let (tell, told) = mpsc::channel();
    drop(database.read("dropped", move |_| {
        tell.send(()).unwrap();
        Ok::<_, Fault>(())
    }));
    drop(database.write("raise", |tx| raise(tx, 1)));
    release.send(()).unwrap();
    blocker.wait().unwrap();
    assert_eq!(held(&database), 1);
    assert!(told.try_recv().is_err());
}

/// An authority, and a certificate of it for the given name.
fn certified(name: &str) -> (String, String, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    (authority.pem(), certificate.pem(), key.serialize_pem())
}

#[test]
fn only_a_server_with_the_right_certificate_and_name_is_spoken_to() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, certificate, key) = certified("localhost");
    let (stranger, ..) = certified("localhost");
    let file = |name: &str, pem: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, pem).unwrap();
        path
    };
    let (authority, stranger) = (file("authority.pem", &authority), file("stranger.pem", &stranger));
    let server = Private::with_certificate(&certificate, &key);
    let open = |host: &str, ca_file| {
        let url = format!("postgres://postgres@{host}:{}/postgres", server.port());
        Database::open(&Settings { ca_file, connections: 1, ..Settings::at(url) })
    };
    let database = open("localhost", Some(authority.clone())).unwrap();
    let encrypted = "-- backend::encrypted\nSELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert!(
        database
            .read("tls", |tx| tx.get::<bool>(encrypted, &bind! {}))
            .wait()
            .unwrap_or_else(|fault: Fault| panic!("{fault:?}"))
    );
    for refused in [open("localhost", Some(stranger)), open("127.0.0.1", Some(authority))] {
        let Err(Fault::Unavailable { source }) = refused else { panic!("spoken to") };
        assert!(source.message.contains("certificate"), "{source}");
    }
    assert!(matches!(open("localhost", None), Err(Fault::Settings(_))));
}

#[test]
fn a_url_never_falls_back_to_a_plain_connection() {
    let server = Private::start();
    let plain_server = server.url().replace("sslmode=disable", "sslmode=prefer");
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("authority.pem");
    std::fs::write(&ca_file, certified("localhost").0).unwrap();
    let opened = Database::open(&Settings { ca_file: Some(ca_file), ..Settings::at(plain_server) });
    assert!(matches!(opened, Err(Fault::Unavailable { .. })));
}

#[test]
fn a_plain_connection_to_another_machine_is_refused_before_it_is_made() {
    for host in ["192.0.2.7", "database.example", "127.0.0.1.example", "localhost,192.0.2.7"] {
        let url = format!("postgres://reader@{host}/name?sslmode=disable");
        assert!(matches!(Database::open(&Settings::at(url)), Err(Fault::Settings(_))), "{host}");
    }
    let url = "postgres://reader@localhost/name?sslmode=disable&hostaddr=192.0.2.7";
    assert!(matches!(Database::open(&Settings::at(url)), Err(Fault::Settings(_))));
}

/// How the server sees the transaction that a statement runs in: `on` after the slash when it may not write.
const TOLD: &str = "-- transaction::told
    SELECT current_setting('transaction_isolation') || '/' || current_setting('transaction_read_only')";

#[test]
fn a_read_of_one_statement_needs_no_transaction_and_cannot_write() {
    let scratch = testkit::on_postgres();
    let database = Database::open(&scratch.settings).unwrap();
    let told = database.read("short", |tx| tx.get::<String>(TOLD, &bind! {})).wait();
    assert_eq!(told.unwrap(), "read committed/on");
}

#[test]
fn a_read_of_several_statements_sees_one_snapshot_from_its_first() {
    let scratch = testkit::on_postgres();
    let database = Database::open(&Settings { connections: 1, ..scratch.settings.clone() }).unwrap();
    for run in 0..2 {
        let both = database.read("long", |tx| {
            Ok::<_, Fault>((tx.get::<String>(TOLD, &bind! {})?, tx.get::<String>(TOLD, &bind! {})?))
        });
        let snapshot = || "repeatable read/on".to_owned();
        assert_eq!(both.wait().unwrap(), (snapshot(), snapshot()), "at run {run}");
    }
}

#[test]
fn a_second_statement_whose_refusal_is_swallowed_is_asked_again_in_a_transaction() {
    let scratch = testkit::on_postgres();
    let database = Database::open(&scratch.settings).unwrap();
    let second = database.read("swallowed", |tx| {
        tx.get::<String>(TOLD, &bind! {})?;
        Ok::<_, Fault>(tx.get::<String>(TOLD, &bind! {}).unwrap_or_default())
    });
    assert_eq!(second.wait().unwrap(), "repeatable read/on");
}
