//! What every transaction may rely on, on both engines.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use std::future::Future as _;
use std::sync::mpsc;

use database::{Args, Constraint, Database, Fault, FromRow, Migration, Row, Settings, Tx, Where, bind};
use testkit::both_engines;

const SCHEMA: &[Migration] = &[Migration::new(
    1,
    "items",
    "CREATE TABLE item (id BIGINT PRIMARY KEY, label TEXT NOT NULL, body {blob}, weight DOUBLE PRECISION,
        parent BIGINT REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED, CHECK (weight >= 0));
     CREATE TABLE tally (id BIGINT PRIMARY KEY, count BIGINT NOT NULL);
     INSERT INTO tally VALUES (1, 0);",
)];

const INSERT: &str = "-- item::insert
    INSERT INTO item (id, label) VALUES (:id, :label)";

const INSERT_CHILD: &str = "-- item::insert_child
    INSERT INTO item (id, label, parent) VALUES (:id, 'child', :parent)";

const COUNT: &str = "-- item::count
    SELECT COUNT(*) FROM item";

const LABEL: &str = "-- item::label
    SELECT label FROM item WHERE id = :id";

const RENAME: &str = "-- item::rename
    UPDATE item SET label = :label WHERE id = :id";

const COUNT_AS_TEXT: &str = "-- item::count_as_text
    SELECT CAST(COUNT(*) AS TEXT) FROM item";

const LIST: &str = "-- item::list
    SELECT id FROM item WHERE id > :after /*where*/ ORDER BY id LIMIT :most";

const RAISE: &str = "-- tally::raise
    UPDATE tally SET count = count + 1 WHERE id = 1 RETURNING count";

fn open(scratch: &testkit::Scratch) -> Database {
    let database = scratch.open();
    database.migrate(SCHEMA).unwrap();
    database
}

fn insert(tx: &Tx<'_>, id: i64) -> Result<u64, Fault> {
    tx.execute(INSERT, &bind! { id, label: "synthetic" })
}

fn count(database: &Database) -> i64 {
    database.read("count", |tx| tx.get::<i64>(COUNT, &bind! {})).wait().unwrap()
}

both_engines! {
    fn those_who_ask_the_same_while_it_waits_are_answered_by_one_read(scratch) {
        let database = Database::open(&Settings { readers: 1, connections: 1, ..scratch.settings.clone() }).unwrap();
        database.migrate(SCHEMA).unwrap();
        let (go, wait) = mpsc::channel();
        let busy = database.read("busy", move |_| {
            wait.recv().unwrap();
            Ok::<_, Fault>(())
        });
        let ask = |about| database.read_together("asked", about, |tx| tx.get::<i64>(COUNT, &bind! {}));
        let asked: [database::Pending<i64, Fault>; 4] = ["a", "a", "b", "a"].map(ask);
        go.send(()).unwrap();
        busy.wait().unwrap();
        assert_eq!(asked.map(|pending| pending.wait().unwrap()), [0; 4]);
        let count = |name| database.measures().iter().find(|measure| measure.name == name).unwrap().count;
        assert_eq!(count("asked"), 2);
        let again: Result<i64, Fault> = ask("a").wait();
        assert_eq!((again.unwrap(), count("asked")), (0, 3), "whoever asks later asks anew");
    }

    fn an_answered_write_is_seen_by_the_next_read(scratch) {
        let database = open(scratch);
        for id in 1..=20 {
            assert_eq!(database.write("insert", move |tx| insert(tx, id)).wait().unwrap(), 1);
            assert_eq!(count(&database), id);
        }
    }

    fn a_read_sees_one_snapshot_while_others_write(scratch) {
        let database = open(scratch);
        let (counted, first) = mpsc::channel();
        let (written, second) = mpsc::channel();
        let reading = database.read("twice", move |tx| {
            // The second statement begins the snapshot: a read of one may run without a transaction.
            tx.get::<i64>(COUNT, &bind! {})?;
            let before: i64 = tx.get(COUNT, &bind! {})?;
            counted.send(()).unwrap();
            second.recv().unwrap();
            Ok::<_, Fault>((before, tx.get::<i64>(COUNT, &bind! {})?))
        });
        first.recv().unwrap();
        database.write("insert", |tx| insert(tx, 1)).wait().unwrap();
        written.send(()).unwrap();
        assert_eq!(reading.wait().unwrap(), (0, 0));
        assert_eq!(count(&database), 1);
    }

    fn a_refusal_rolls_back_its_caller(scratch) {
        #[derive(Debug, thiserror::Error)]
        enum Stop {
            #[error("refused")]
            Refused,
            #[error(transparent)]
            Fault(#[from] Fault),
        }
        let database = open(scratch);
        let answer = database.write("refuse", |tx| { insert(tx, 1)?; Err::<(), _>(Stop::Refused) }).wait();
        assert!(matches!(answer, Err(Stop::Refused)), "{answer:?}");
        assert_eq!(count(&database), 0);
    }

    fn neighbours_of_a_failure_are_committed(scratch) {
        // INVARIANT: a neighbour's failure leaves others committed.
        let database = open(scratch);
        let answers: Vec<_> = (0..200_i64)
            .map(|id| (id, database.write("mixed", move |tx| {
                insert(tx, id)?;
                match id % 4 {
                    1 => insert(tx, id),
                    2 => panic!("closure {id} panics, as this test wants"),
                    _ => Ok(1),
                }
            })))
            .collect();
        for (id, answer) in answers {
            match (id % 4, answer.wait()) {
                (0 | 3, Ok(1)) => {}
                (1, Err(fault)) => assert!(fault.is_unique_violation(), "{fault:?}"),
                (2, Err(Fault::Panicked { name })) => assert_eq!(name, "mixed"),
                (_, other) => panic!("{id}: {other:?}"),
            }
        }
        assert_eq!(count(&database), 100);
    }

    fn a_name_used_twice_and_names_out_of_order_bind_rightly(scratch) {
        const SWAPPED: &str = "-- t::swapped
            SELECT CAST(:b AS BIGINT), CAST(:a AS BIGINT), CAST(:b AS BIGINT), ':a'";
        let database = open(scratch);
        let row = database.read("swapped", |tx| tx.get(SWAPPED, &bind! { a: 10_i64, b: 20_i64 })).wait();
        let row: (i64, i64, i64, String) = row.unwrap_or_else(|fault: Fault| panic!("{fault:?}"));
        assert_eq!(row, (20, 10, 20, ":a".to_owned()));
    }

    fn every_kind_of_value_comes_back_as_it_went(scratch) {
        const FULL: &str = "-- item::full
            INSERT INTO item (id, label, body, weight) VALUES (:id, :label, :body, :weight)";
        const READ: &str = "-- item::read
            SELECT id, label, body, weight, parent FROM item WHERE id = :id";
        #[derive(Debug, PartialEq)]
        struct Item { id: u64, label: String, body: Option<[u8; 3]>, weight: Option<f64>, parent: Option<i64> }
        impl FromRow for Item {
            fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
                Ok(Self {
                    id: row.get("id")?,
                    label: row.get("label")?,
                    body: row.get("body")?,
                    weight: row.get("weight")?,
                    parent: row.get("parent")?,
                })
            }
        }
        let database = open(scratch);
        let full = bind! { id: i64::MAX, label: "ö 👋 '; --", body: [0_u8, 255, 7], weight: 0.1 };
        let empty = bind! { id: 0_u32, label: "", body: None::<Vec<u8>>, weight: None::<f64> };
        database.write("full", move |tx| tx.many(FULL, &[full.clone(), empty.clone()])).wait()
            .unwrap_or_else(|fault: Fault| panic!("{fault:?}"));
        let read = |id: i64| database.read("read", move |tx| tx.get::<Item>(READ, &bind! { id })).wait();
        let label = "ö 👋 '; --".to_owned();
        let expected = Item { id: i64::MAX as u64, label, body: Some([0, 255, 7]), weight: Some(0.1), parent: None };
        assert_eq!(read(i64::MAX).unwrap(), expected);
        let expected = Item { id: 0, label: String::new(), body: None, weight: None, parent: None };
        assert_eq!(read(0).unwrap(), expected);
    }

    fn a_wrong_column_type_is_a_fault_without_the_value(scratch) {
        let database = open(scratch);
        database.write("insert", |tx| insert(tx, 1)).wait().unwrap();
        let fault = database.read("label", |tx| tx.get::<i64>(LABEL, &bind! { id: 1_i64 })).wait().unwrap_err();
        let Fault::Statement { name: "item::label", source } = fault else { panic!("{fault:?}") };
        assert_eq!(source.message, "column 0: expected 64-bit number, found text");
    }

    fn find_and_get_tell_absence_apart(scratch) {
        let database = open(scratch);
        let found = database.read("find", |tx| tx.find::<String>(LABEL, &bind! { id: 9_i64 })).wait();
        assert_eq!(found.unwrap_or_else(|fault: Fault| panic!("{fault:?}")), None);
        let missing = database.read("get", |tx| tx.get::<String>(LABEL, &bind! { id: 9_i64 })).wait();
        assert!(matches!(missing, Err(Fault::Missing { statement: "item::label" })), "{missing:?}");
    }

    fn broken_rules_are_named_by_kind(scratch) {
        const NO_LABEL: &str = "-- item::no_label
            INSERT INTO item (id) VALUES (:id)";
        const LIGHT: &str = "-- item::light
            INSERT INTO item (id, label, weight) VALUES (:id, 'light', -1)";
        let database = open(scratch);
        let kind = |sql: &'static str, args: Args| {
            match database.write("broken", move |tx| tx.execute(sql, &args)).wait() {
                Err(Fault::Constraint { kind, .. }) => kind,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(kind(NO_LABEL, bind! { id: 1_i64 }), Constraint::NotNull);
        assert_eq!(kind(LIGHT, bind! { id: 1_i64 }), Constraint::Check);
        // This one is found at the commit only, and still belongs to its caller.
        assert_eq!(kind(INSERT_CHILD, bind! { id: 1_i64, parent: 77_i64 }), Constraint::ForeignKey);
        assert_eq!(count(&database), 0);
    }

    fn a_rule_broken_at_the_commit_is_its_callers_fault_only(scratch) {
        let database = open(scratch);
        let answers: Vec<_> = (1..=50_i64)
            .map(|id| database.write("child", move |tx| match id {
                25 => tx.execute(INSERT_CHILD, &bind! { id, parent: 999_i64 }),
                _ => insert(tx, id),
            }))
            .collect();
        let failed: Vec<_> = answers.into_iter().map(|answer| answer.wait().is_err()).collect();
        assert_eq!(failed.iter().filter(|&&failed| failed).count(), 1);
        assert!(failed[24]);
        assert_eq!(count(&database), 49);
    }

    fn a_swallowed_failure_does_not_become_a_commit(scratch) {
        // INVARIANT: after a failed statement nothing is kept, whatever the closure says.
        let database = open(scratch);
        let answer = database.write("swallow", |tx| {
            insert(tx, 1)?;
            let first = insert(tx, 1);
            assert!(first.is_err());
            let second = insert(tx, 2);
            assert!(matches!(second, Err(Fault::Doomed { .. })), "{second:?}");
            Ok::<_, Fault>(())
        });
        let answer = answer.wait();
        assert!(matches!(answer, Err(Fault::Doomed { statement: "item::insert", .. })), "{answer:?}");
        assert_eq!(count(&database), 0);
    }

    fn a_reading_transaction_changes_nothing(scratch) {
        const SNEAKY: &str = "-- item::sneaky
            INSERT INTO item (id, label) VALUES (5, 'sneaky') RETURNING id";
        let database = open(scratch);
        assert!(database.read("sneak", |tx| insert(tx, 1)).wait().is_err());
        assert!(database.read("sneak", |tx| tx.get::<i64>(SNEAKY, &bind! {})).wait().is_err());
        assert_eq!(count(&database), 0);
    }

    fn optional_filters_narrow_a_list(scratch) {
        let database = open(scratch);
        let sets: Vec<_> = (1..=200_i64).map(|id| bind! { id, label: if id % 2 == 0 { "even" } else { "odd" } }).collect();
        let inserted = database.write("many", move |tx| tx.many(INSERT, &sets)).wait();
        assert_eq!(inserted.unwrap_or_else(|fault: Fault| panic!("{fault:?}")), 200);
        let list = |filter: Where| {
            let args = bind! { after: 10_i64, most: 3_i64 };
            let rows = database.read("list", move |tx| tx.rows_where::<i64>(LIST, &filter, &args)).wait();
            rows.unwrap_or_else(|fault: Fault| panic!("{fault:?}"))
        };
        assert_eq!(list(Where::new()), [11, 12, 13]);
        assert_eq!(list(Where::new().and("label = :label", "label", "even")), [12, 14, 16]);
        assert_eq!(list(Where::new().and_some("label = :label", "label", None::<String>).and_when(true, "id > 100")), [101, 102, 103]);
    }

    fn a_counter_raised_by_many_at_once_loses_nothing(scratch) {
        let database = open(scratch);
        let answers: Vec<_> = (0..200).map(|_| database.write("raise", |tx| tx.get::<i64>(RAISE, &bind! {}))).collect();
        let mut seen: Vec<_> = answers.into_iter().map(|answer| answer.wait().unwrap()).collect();
        seen.sort_unstable();
        assert_eq!(seen, (1..=200).collect::<Vec<_>>());
    }

    fn free_work_is_leased_to_one_worker_only(scratch) {
        const CLAIM: &str = "-- item::claim
            UPDATE item SET label = :worker WHERE id IN (
                SELECT id FROM item WHERE label = 'synthetic' ORDER BY id LIMIT 1 {for_update_skip_locked})
            RETURNING id";
        let database = open(scratch);
        database.write("fill", |tx| (1..=40).try_for_each(|id| insert(tx, id).map(drop))).wait().unwrap();
        let claims: Vec<_> = (0..60)
            .map(|worker| database.write("claim", move |tx| {
                tx.find::<i64>(CLAIM, &bind! { worker: format!("worker {worker}") })
            }))
            .collect();
        let mut claimed: Vec<_> = claims.into_iter().filter_map(|claim| claim.wait().unwrap()).collect();
        claimed.sort_unstable();
        claimed.dedup();
        let all = database.write("late", |tx| tx.rows::<i64>("-- item::left\nSELECT id FROM item WHERE label = 'synthetic'", &bind! {}));
        assert_eq!(claimed.len() + all.wait().unwrap().len(), 40);
    }

    fn a_full_queue_refuses_at_once(scratch) {
        let settings = Settings { queue_bound: 2, connections: 1, ..scratch.settings.clone() };
        let database = Database::open(&settings).unwrap();
        let (started, wait_for_start) = mpsc::channel();
        let (release, held) = mpsc::channel::<()>();
        let blocker = database.write("blocker", move |_| {
            started.send(()).unwrap();
            held.recv().unwrap();
            Ok::<_, Fault>(())
        });
        wait_for_start.recv().unwrap();
        let queued = [(); 2].map(|()| database.write("queued", |_| Ok::<_, Fault>(())));
        let refused = database.write("one too many", |_| Ok::<_, Fault>(())).wait();
        assert!(matches!(refused, Err(Fault::Overloaded)), "{refused:?}");
        release.send(()).unwrap();
        blocker.wait().unwrap();
        queued.into_iter().for_each(|answer| answer.wait().unwrap());
    }

    fn closing_serves_what_is_queued_and_refuses_what_comes_later(scratch) {
        let database = open(scratch);
        let clone = database.clone();
        let answers: Vec<_> = (0..50).map(|id| database.write("insert", move |tx| insert(tx, id))).collect();
        database.close();
        answers.into_iter().for_each(|answer| { answer.wait().unwrap(); });
        let late = clone.write("late", |tx| insert(tx, 99)).wait();
        assert!(matches!(late, Err(Fault::Closed)), "{late:?}");
        assert_eq!(count(&scratch.open()), 50);
    }

    fn a_closure_may_hold_the_last_handle(scratch) {
        let database = open(scratch);
        let held = database.clone();
        let answer = database.write("holder", move |tx| { let _held = &held; insert(tx, 1) });
        drop(database);
        answer.wait().unwrap();
        assert_eq!(count(&scratch.open()), 1);
    }

    fn what_is_put_is_seen_by_the_next_statement_and_kept_in_its_order(scratch) {
        let database = open(scratch);
        let seen = database.write("put", |tx| {
            tx.put(INSERT, &bind! { id: 1_i64, label: "one" })?;
            let rows: Vec<_> = (2..=200_i64).map(|id| bind! { id, label: "more" }).collect();
            tx.put_many(INSERT, &rows)?;
            let seen = tx.get::<i64>(COUNT, &bind! {})?;
            tx.put(RENAME, &bind! { id: 1_i64, label: "first" })?;
            tx.put(RENAME, &bind! { id: 1_i64, label: "last" })?;
            Ok::<_, Fault>(seen)
        });
        assert_eq!(seen.wait().unwrap(), 200);
        let label = database.read("label", |tx| tx.get::<String>(LABEL, &bind! { id: 1_i64 })).wait();
        assert_eq!(label.unwrap(), "last");
    }

    fn a_put_that_fails_keeps_nothing_and_says_which_it_was(scratch) {
        let database = open(scratch);
        let put = |tx: &Tx<'_>, id: i64| tx.put(INSERT, &bind! { id, label: "a" });
        // With nothing behind it but the commit, and with a statement that is waited for.
        for asks in [false, true] {
            let failed = database.write("twice", move |tx| {
                put(tx, 1)?;
                put(tx, 1)?;
                put(tx, 2)?;
                if asks { tx.get::<i64>(COUNT, &bind! {}).map(drop) } else { Ok(()) }
            });
            let fault = failed.wait().unwrap_err();
            let unique = Constraint::Unique;
            assert!(matches!(&fault, Fault::Constraint { kind, statement: "item::insert", .. } if *kind == unique), "{fault:?}");
            assert_eq!(count(&database), 0);
        }
        // The connection is as good as before.
        database.write("once", move |tx| put(tx, 1)).wait().unwrap();
        assert_eq!(count(&database), 1);
    }

    fn several_statements_are_answered_together_each_in_its_place(scratch) {
        let database = open(scratch);
        let asked = |tx: &Tx<'_>| {
            let labels = (0..150_i64).map(|id| (LABEL, bind! { id }));
            let asked: Vec<_> = labels.chain([(COUNT_AS_TEXT, bind! {})]).collect();
            tx.rows_all::<String>(&asked)
        };
        let answers = database.write("fill", move |tx| {
            tx.put_many(INSERT, &(0..150_i64).step_by(2).map(|id| bind! { id, label: id.to_string() }).collect::<Vec<_>>())?;
            asked(tx)
        });
        let answers = answers.wait().unwrap();
        for (id, found) in answers[..150].iter().enumerate() {
            let expected: Vec<String> = (id % 2 == 0).then(|| id.to_string()).into_iter().collect();
            assert_eq!(found, &expected);
        }
        assert_eq!(answers[150], ["75"]);
        assert_eq!(database.read("again", asked).wait().unwrap(), answers);
    }

    fn measures_tell_each_transaction_by_name(scratch) {
        let database = open(scratch);
        database.write("good", |tx| insert(tx, 1)).wait().unwrap();
        database.write("bad", |tx| insert(tx, 1)).wait().unwrap_err();
        database.write("many", |tx| tx.many(INSERT, &[bind! { id: 5_i64, label: "a" }, bind! { id: 6_i64, label: "b" }])).wait().unwrap_or_else(|fault: Fault| panic!("{fault:?}"));
        let measures = database.measures();
        let of = |name: &str| *measures.iter().find(|measure| measure.name == name).unwrap();
        assert_eq!((of("good").count, of("good").failures), (1, 0));
        assert_eq!((of("bad").count, of("bad").failures), (1, 1));
        assert_eq!(of("many").carried, 2);
        assert!(of("good").worst_us > 0);
    }

    fn answers_can_be_awaited(scratch) {
        let database = open(scratch);
        let mut answer = std::pin::pin!(database.write("insert", |tx| insert(tx, 1)));
        let (wake, woken) = mpsc::channel();
        struct Wake(mpsc::Sender<()>);
        impl std::task::Wake for Wake {
            fn wake(self: std::sync::Arc<Self>) {
                self.0.send(()).unwrap();
            }
        }
        let waker = std::sync::Arc::new(Wake(wake)).into();
        let mut context = std::task::Context::from_waker(&waker);
        loop {
            match answer.as_mut().poll(&mut context) {
                std::task::Poll::Ready(answer) => break assert_eq!(answer.unwrap(), 1),
                std::task::Poll::Pending => woken.recv().unwrap(),
            }
        }
    }

    fn an_unknown_or_missing_name_is_refused_before_the_engine(scratch) {
        let database = open(scratch);
        for args in [bind! { id: 1_i64 }, bind! { id: 1_i64, label: "a", lable: "b" }] {
            let fault = database.write("bind", move |tx| tx.execute(INSERT, &args)).wait().unwrap_err();
            assert!(matches!(&fault, Fault::Statement { name: "item::insert", source } if source.code == "binding"), "{fault:?}");
        }
    }
}
