//! Migrations run once, in order, and never against a schema that they do not know.

use database::{Database, Fault, Migration, MigrationFault, bind};
use testkit::both_engines;

const FIRST: Migration = Migration::new(1, "first", "CREATE TABLE one (id BIGINT PRIMARY KEY, body {blob});");
const SECOND: Migration = Migration::new(2, "second", "CREATE TABLE two (id BIGINT PRIMARY KEY);")
    .on_sqlite("INSERT INTO two VALUES (1);")
    .on_postgres("INSERT INTO two VALUES (2);");

fn refusal(answer: Result<Vec<u32>, Fault>) -> MigrationFault {
    match answer {
        Err(Fault::Migration(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

both_engines! {
    fn each_step_is_taken_once(scratch) {
        let database = scratch.open();
        assert_eq!(database.pending(&[FIRST, SECOND]).unwrap(), [1, 2]);
        assert_eq!(database.migrate(&[FIRST]).unwrap(), [1]);
        assert_eq!(database.pending(&[FIRST, SECOND]).unwrap(), [2]);
        assert_eq!(database.migrate(&[FIRST, SECOND]).unwrap(), [2]);
        assert!(database.migrate(&[FIRST, SECOND]).unwrap().is_empty());
        let own: i64 = database.read("own", |tx| tx.get("-- t::own\nSELECT id FROM two", &bind! {})).wait()
            .unwrap_or_else(|fault: Fault| panic!("{fault:?}"));
        assert_eq!(own, if scratch.name == "sqlite" { 1 } else { 2 });
    }

    fn an_edited_step_is_refused(scratch) {
        let database = scratch.open();
        database.migrate(&[FIRST]).unwrap();
        let edited = Migration::new(1, "first", "CREATE TABLE one (id BIGINT PRIMARY KEY);");
        assert_eq!(refusal(database.migrate(&[edited, SECOND])), MigrationFault::Changed { number: 1 });
        assert_eq!(refusal(database.pending(&[edited, SECOND])), MigrationFault::Changed { number: 1 });
        assert_eq!(database.pending(&[FIRST, SECOND]).unwrap(), [2]);
    }

    fn a_newer_schema_is_refused(scratch) {
        let database = scratch.open();
        database.migrate(&[FIRST, SECOND]).unwrap();
        assert_eq!(refusal(database.migrate(&[FIRST])), MigrationFault::Newer { number: 2 });
        assert_eq!(refusal(database.pending(&[])), MigrationFault::Newer { number: 1 });
    }

    fn steps_out_of_order_are_refused(scratch) {
        let database = scratch.open();
        assert_eq!(refusal(database.migrate(&[SECOND, FIRST])), MigrationFault::OutOfOrder { number: 1 });
        database.migrate(&[SECOND]).unwrap();
        assert_eq!(refusal(database.migrate(&[FIRST, SECOND])), MigrationFault::OutOfOrder { number: 1 });
    }

    fn a_step_that_fails_leaves_nothing_behind(scratch) {
        let broken = Migration::new(2, "broken", "CREATE TABLE half (id BIGINT PRIMARY KEY); INSERT INTO nowhere VALUES (1);");
        let database = scratch.open();
        database.migrate(&[FIRST, broken]).unwrap_err();
        assert_eq!(database.pending(&[FIRST, SECOND]).unwrap(), [2]);
        let mended = Migration::new(2, "mended", "CREATE TABLE half (id BIGINT PRIMARY KEY);");
        assert_eq!(database.migrate(&[FIRST, mended]).unwrap(), [2]);
    }

    fn migrators_that_come_together_share_the_work(scratch) {
        let databases: Vec<Database> = (0..4).map(|_| scratch.open()).collect();
        let migrators: Vec<_> = databases
            .into_iter()
            .map(|database| std::thread::spawn(move || database.migrate(&[FIRST, SECOND]).unwrap()))
            .collect();
        let mut applied: Vec<_> = migrators.into_iter().flat_map(|migrator| migrator.join().unwrap()).collect();
        applied.sort_unstable();
        assert_eq!(applied, [1, 2]);
    }
}
