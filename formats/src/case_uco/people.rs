//! People and the parts they have. A child has no name here.

use domain::{Dossier, Person, Role};
use serde_json::{Value, json};

use super::accounts;
use super::actors::Actors;
use super::graph::Graph;
use crate::files::Files;
use crate::package::words::{self, said};

pub(super) fn put(graph: &mut Graph<'_>, dossier: &Dossier<impl Files>, actors: &Actors) {
    let people = &dossier.submission.people;
    for (at, involved) in people.iter().enumerate() {
        let key = (at + 1).to_string();
        let warning = words::role_warning(involved, people);
        let person = person(graph, &key, &involved.person, involved.role, warning);
        have_role(graph, &key, &person, involved.role);
        accounts::put(graph, &key, involved, &person, actors);
        for (linked_at, linked) in involved.associated.iter().enumerate() {
            let key = format!("{key}.{}", linked_at + 1);
            let note = format!("{} of the {}; not a further person of that part", linked.kind, involved.role);
            let other = self::person(graph, &key, &linked.account.person, involved.role, Some(note));
            graph.relate(&person, "Linked_Account_Of", &other);
            accounts::put(graph, &key, &linked.account, &other, actors);
        }
    }
}

fn person(graph: &mut Graph<'_>, key: &str, person: &Person, role: Role, warning: Option<String>) -> String {
    let mut body = json!({ "role": role.as_str() });
    if let Some(warning) = warning {
        body["roleWarning"] = warning.into();
    }
    let facets: Vec<Value> = name(graph, key, person, role).into_iter().collect();
    if !facets.is_empty() {
        body["uco-core:hasFacet"] = facets.into();
    }
    graph.put("uco-identity:Person", &["person", key], body)
}

fn name(graph: &Graph<'_>, key: &str, person: &Person, role: Role) -> Option<Value> {
    let (given, family) = (said(person.first_name.as_ref()), said(person.last_name.as_ref()));
    if role == Role::Victim || (given.is_none() && family.is_none()) {
        return None;
    }
    let mut body = json!({});
    for (member, words) in [("uco-identity:givenName", given), ("uco-identity:familyName", family)] {
        if let Some(words) = words {
            body[member] = json!([words]);
        }
    }
    Some(graph.facet("uco-identity:SimpleNameFacet", &["name", key], body))
}

fn have_role(graph: &mut Graph<'_>, key: &str, person: &str, role: Role) {
    let class = match role {
        Role::Reported => "case-investigation:Subject",
        Role::Victim => "uco-victim:Victim",
        _ => "uco-role:Role",
    };
    let role = graph.put(class, &["role", key], json!({ "uco-core:name": role.as_str() }));
    graph.relate(person, "Has_Role", &role);
}
