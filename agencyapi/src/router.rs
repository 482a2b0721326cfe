//! The endpoints in order, and the routes that come from them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodFilter, MethodRouter, any, on};
use herald::Reach;
use http::Method;
use pipeline::House;
use web::{Problem, ProblemKind};

use crate::describe::Endpoint;
use crate::{
    assignment, cases, destruction, document, endpoint, feed, hashes, outcome, package, referrals, report,
    token, webhooks,
};

/// What every handler of this face holds.
#[derive(Clone)]
pub struct AgencyApi {
    pub(crate) house: House,
    /// Where webhooks may lead.
    pub(crate) reach: Reach,
}

impl AgencyApi {
    /// The API of `house`, whose calls lead within `reach`.
    #[must_use]
    pub fn new(house: House, reach: Reach) -> Self {
        Self { house, reach }
    }
}

/// Every endpoint, in the order in which the document has them.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let rooms: [Vec<Endpoint>; 12] = [
        token::endpoints(),
        feed::endpoints(),
        report::endpoints(),
        package::endpoints(),
        assignment::endpoints(),
        outcome::endpoints(),
        referrals::endpoints(),
        cases::endpoints(),
        hashes::endpoints(),
        webhooks::endpoints(),
        destruction::endpoints(),
        document::endpoints(),
    ];
    rooms.into_iter().flatten().collect()
}

/// The routes.
pub fn router(api: AgencyApi) -> Router {
    web::secure(routed(&api, endpoints()), web::Surface::Machines)
}

/// Every method of an address stands in one line, so that another one is told which there are.
pub(crate) fn routed(api: &AgencyApi, endpoints: Vec<Endpoint>) -> Router {
    let mut lines: BTreeMap<&'static str, (MethodRouter, Option<&'static str>)> = BTreeMap::new();
    for one in endpoints {
        let (path, method, says) = (one.path, filter(&one.method), one.by_people);
        let line = on(method, endpoint::answer).with_state((api.clone(), Arc::new(one)));
        let known = lines.remove(path).unwrap_or_default().0;
        lines.insert(path, (known.merge(line), says));
    }
    let mut router = Router::new();
    for (path, (line, says)) in lines {
        router = router.route(path, line.fallback(move || async move { other(says) }));
    }
    router.route("/agency/v1/{*rest}", any(|| async { Problem::new(ProblemKind::NotFound) }))
}

/// Whoever asks in a manner that the address does not have.
fn other(says: Option<&'static str>) -> Problem {
    let problem = Problem::new(ProblemKind::MethodNotAllowed);
    match says {
        Some(says) => problem.detail(says.to_owned()),
        None => problem,
    }
}

fn filter(method: &Method) -> MethodFilter {
    // INVARIANT: endpoints name methods of the standard only; a test walks all of them.
    MethodFilter::try_from(method.clone()).expect("a method of the standard")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_endpoint_has_a_name_of_its_own_and_describes_every_part_of_its_address() {
        let (mut names, mut lines) = (BTreeSet::new(), BTreeSet::new());
        for one in endpoints() {
            assert!(names.insert(one.name), "{} twice", one.name);
            assert!(lines.insert((one.path, one.method.to_string())), "{} {} twice", one.method, one.path);
            assert!(one.path.starts_with("/agency/v1/") && !one.answers.is_empty(), "{}", one.name);
            filter(&one.method);
            let named: BTreeSet<&str> =
                one.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            let described = one.params.iter().filter(|param| param.place == crate::describe::Place::Path);
            assert_eq!(named, described.map(|param| param.name).collect(), "{}", one.name);
        }
    }
}
