//! Every statement of the crate is understood by both engines.

use std::collections::BTreeSet;

use database::{Args, Engine, FromRow, Row, Value};
use testkit::both_engines;

use crate::desk::Desk;
use crate::run;
use crate::sources::{statements, writes_beside_acts};

/// A row that nobody looks at.
struct Anything;

impl FromRow for Anything {
    fn from_row(_: &Row<'_>) -> Result<Self, database::Fault> {
        Ok(Self)
    }
}

/// Nothing for every parameter: enough to be understood.
fn nothing(text: &'static str) -> Args {
    let mut names = BTreeSet::new();
    // Behind the first line, whose name has colons of its own.
    let (_, body) = text.split_once('\n').expect("a statement has a body");
    for part in body.split(':').skip(1) {
        let end = part.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
        names.insert(&part[..end.unwrap_or(part.len())]);
    }
    names.into_iter().fold(Args::none(), |args, name| args.with(name, Value::Null))
}

both_engines! {
    fn every_statement_is_understood(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let engine = desk.house.read("test::engine", |view| Ok(view.tx().dialect().engine())).await.unwrap();
            let of_the_other = if engine == Engine::Sqlite { "_on_postgres" } else { "_on_sqlite" };
            let mut misunderstood = Vec::new();
            for one in statements().into_iter().filter(|one| !one.name.ends_with(of_the_other)) {
                // To explain a statement is to prepare and plan it, and to change nothing.
                let explained: &'static str = Box::leak(format!("-- {}\nEXPLAIN {}", one.name, one.text).into_boxed_str());
                let args = nothing(one.text);
                let read = desk.house.read("test::explain", move |view| {
                    Ok(view.tx().rows::<Anything>(explained, &args).map(drop)?)
                });
                if let Err(error) = read.await {
                    misunderstood.push(format!("{}: {error:?}", one.name));
                }
            }
            assert!(misunderstood.is_empty(), "{}", misunderstood.join("\n"));
        });
    }
}

/// What the house writes about its own work, of which the ledger tells nothing: keys and numbers made ahead, places of
/// leaves, leases, marks of use. The first is the act itself.
const BESIDE_ACTS: [(&str, &str); 16] = [
    ("house.rs", "name"),
    ("book.rs", "book::sequence"),
    ("book.rs", "book::probe"),
    ("book/witness.rs", "book::cosigned"),
    ("book/witness.rs", "book::errand"),
    ("book/witness.rs", "book::witness_failed"),
    ("book/witness.rs", "book::witness_is_at"),
    ("credential.rs", "credential::mark_used"),
    ("keys.rs", "keys::open"),
    ("keys.rs", "keys::begin"),
    ("number.rs", "number::next"),
    ("rotation.rs", "rotation::move"),
    ("session.rs", "session::touch"),
    ("work.rs", "work::claim"),
    ("work.rs", "work::fail"),
    ("work.rs", "work::postpone"),
];

/// The list may only shrink: whatever else changes a row does it in an act, which leaves a leaf.
#[test]
fn nothing_is_written_without_an_act_but_what_is_listed() {
    let listed: BTreeSet<(String, String)> =
        BESIDE_ACTS.iter().map(|(file, name)| ((*file).to_owned(), (*name).to_owned())).collect();
    assert_eq!(writes_beside_acts().into_iter().collect::<BTreeSet<_>>(), listed);
}

#[test]
fn every_statement_has_a_name_of_its_own_that_leads_to_its_file() {
    let all = statements();
    assert!(all.len() > 100, "only {} found", all.len());
    let mut names = BTreeSet::new();
    for one in &all {
        assert!(names.insert(one.name), "{} twice", one.name);
        let (module, function) = one.name.split_once("::").expect("a name is module::function");
        let file = one.file.display().to_string();
        let leads = one.file.with_extension("").iter().any(|part| part == module);
        assert!(leads, "{} in {file}", one.name);
        assert!(!function.is_empty(), "{file}");
    }
}
