//! The list of routes in the book is that of the routers.

use std::collections::BTreeMap;

use axum::Router;

use super::asking::Walled;
use super::list::{self, Answers, Callers, Line};
use crate::surfaces;

/// Makes the list anew instead of holding it against the routers, when it says `write`. What a new route answers and to
/// whom is a guess then, to be read by whoever adds it.
const VARIABLE: &str = "CLEARINGHOUSE_ROUTES";

const HEAD: &str = "# Every route

Every address that this program answers, of all surfaces, with what kind of answer it gives and who gets past its door.
A test holds this list against the routers themselves, so a route without its line does not pass; other tests walk the
list: every answer is dressed as its line says, and everybody who is not named by its line is refused. A `GET` answers
`HEAD` too. `ANY` stands for every method. Which person may do what behind the door is in `authority.md`.

After adding a route, add its line by hand, or let the test write a first one and correct what it guessed:
`CLEARINGHOUSE_ROUTES=write cargo nextest run -p clearinghouse every_route_stands_in_the_book`

| methods | address | answers | past the door comes |
| --- | --- | --- | --- |
";

/// Methods by address, as a router prints itself. The framework offers no other way to see the routes of a router that
/// was put together; the test notices when that way ends.
fn routes(router: &Router) -> BTreeMap<String, Vec<String>> {
    let text = format!("{router:?}");
    let (routes, paths) = text.split_once("node: Node").expect("a router prints its addresses");
    let routes = routes.rsplit_once("routes: {").expect("a router prints its routes").1;
    let mut methods: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for one in routes.split("RouteId(").skip(1) {
        let id = one.split(')').next().expect("a number ends");
        let allowed = one.rsplit("allow_header: ").next().unwrap_or_default();
        methods.insert(id, methods_of(allowed));
    }
    let paths = paths.split("fallback_router").next().unwrap_or_default();
    let mut found = BTreeMap::new();
    for one in paths.split("RouteId(").skip(1) {
        let (id, rest) = one.split_once(')').expect("a number ends");
        let path = rest.split('"').nth(1).expect("an address is text");
        found.insert(path.to_owned(), methods[id].clone());
    }
    found
}

fn methods_of(allowed: &str) -> Vec<String> {
    let Some(all) = allowed.split('"').nth(1) else { return vec!["ANY".to_owned()] };
    all.split(',').filter(|method| *method != "HEAD").map(str::to_owned).collect()
}

/// A first line for a new route.
fn guess(path: &str, methods: &[String]) -> Line {
    let starts = |start: &str| path.starts_with(start);
    let (answers, callers) = if starts("/assets/") {
        (Answers::Assets, Callers::Anybody)
    } else if starts("/ispws") || starts("/provider/v1/") {
        (Answers::Machines, Callers::Credential)
    } else if starts("/agency/v1/") {
        (Answers::Machines, Callers::Token)
    } else if starts("/log/") {
        (Answers::PublicRecord, Callers::Anybody)
    } else if starts("/health/") || path == "/metrics" {
        (Answers::Machines, Callers::Anybody)
    } else if starts("/media/") {
        (Answers::Media, Callers::Link)
    } else if starts("/card/") {
        (Answers::PlainPages, Callers::Link)
    } else if ["/enter", "/enrol/", "/join"].iter().any(|word| path.contains(word)) {
        (Answers::Pages, Callers::Link)
    } else if path.contains("/sign-in") {
        (Answers::Pages, Callers::Anybody)
    } else if starts("/provider") {
        (Answers::Pages, Callers::Provider)
    } else if starts("/agency") {
        (Answers::Pages, Callers::Agency)
    } else {
        (Answers::Pages, Callers::Staff)
    };
    Line { methods: methods.to_vec(), path: path.to_owned(), answers, callers }
}

#[tokio::test]
async fn every_route_stands_in_the_book() {
    let rows = testkit::on_sqlite();
    let walled = Walled::on(&rows).await;
    let mut all = routes(&walled.router);
    all.extend(routes(&walled.media));
    all.extend(routes(&walled.cards));
    all.extend(routes(&surfaces::figures(walled.house.house())));
    assert!(all.len() > 60, "the routes are found: {all:?}");
    #[expect(clippy::disallowed_methods, reason = "whoever adds a route asks for a first line of it")]
    let writes = std::env::var(VARIABLE).is_ok_and(|word| word == "write");
    let known = if writes && !list::file().exists() { Vec::new() } else { list::lines() };
    let lines: Vec<Line> = all
        .iter()
        .map(|(path, methods)| match known.iter().find(|line| line.path == *path) {
            Some(line) => Line { methods: methods.clone(), ..line.clone() },
            None => guess(path, methods),
        })
        .collect();
    if writes {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(list::file(), format!("{HEAD}{text}")).unwrap();
        return;
    }
    let new: Vec<String> = lines.iter().filter(|line| !known.contains(line)).map(Line::to_string).collect();
    let gone: Vec<String> = known.iter().filter(|line| !lines.contains(line)).map(Line::to_string).collect();
    let (new, gone) = (new.join("\n"), gone.join("\n"));
    assert!(new.is_empty() && gone.is_empty(), "add to docs/routes.md:\n{new}\ntake from it:\n{gone}");
}
