//! Answers that were given before. What a policy says of the spaces depends only on the role, on whether a space is the
//! asker's own, and on the session; there are a few thousand such questions, so each is put to Cedar once.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use cedar_policy::{Policy, PolicyId};

use super::ViewerRole;
use super::action::{Action, Oversight};
use super::question::{Asker, Person, Space};

/// What of a question matters, when no policy names somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    asker: Who,
    action: Action,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    Person { role: ViewerRole, agency: Whose, provider: Whose, banner: bool, fresh: bool },
    System(Whose),
    Credential(Whose),
    Worker,
    Operator,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Agency,
    Provider,
    House,
    Oversight(Oversight),
}

/// An agency or a provider of the asker, beside that of the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Whose {
    Nobodys,
    Own,
    Anothers,
}

/// The shape of a question; `None` for places that have facts of their own, which are asked anew each time.
pub(super) fn shape(who: &Asker<'_>, action: Action, space: &Space<'_>) -> Option<Shape> {
    let (place, agency, provider) = match *space {
        Space::Agency(agency) => (Place::Agency, Some(agency), None),
        Space::Provider(provider) => (Place::Provider, None, Some(provider)),
        Space::House => (Place::House, None, None),
        Space::Oversight(record) => (Place::Oversight(record), None, None),
        Space::Approval(_) => return None,
    };
    let asker = match *who {
        Asker::Person(Person { role, agency: of, provider: staff_of, banner, fresh, .. }) => Who::Person {
            role,
            agency: whose(of, agency),
            provider: whose(staff_of, provider),
            banner,
            fresh,
        },
        Asker::System { agency: of, .. } => Who::System(whose(Some(of), agency)),
        Asker::Credential { provider: of, .. } => Who::Credential(whose(Some(of), provider)),
        Asker::Worker => Who::Worker,
        Asker::Operator => Who::Operator,
    };
    Some(Shape { asker, action, place })
}

fn whose<Id: PartialEq>(of: Option<&Id>, there: Option<&Id>) -> Whose {
    match of {
        None => Whose::Nobodys,
        Some(of) if there == Some(of) => Whose::Own,
        Some(_) => Whose::Anothers,
    }
}

/// Whether a policy names one agency, provider or person. Then shapes would not do, and nothing is remembered.
pub(super) fn names_somebody(policy: &Policy) -> bool {
    const SOMEBODY: [&str; 5] = ["Agency", "Provider", "Person", "System", "Credential"];
    policy.entity_literals().iter().any(|uid| SOMEBODY.contains(&uid.type_name().basename()))
}

/// Whether it is allowed, and the policy that says so.
pub(super) type Remembered = (bool, Option<PolicyId>);

/// Bounded by the number of shapes.
#[derive(Debug, Default)]
pub(super) struct Memo(RwLock<HashMap<Shape, Remembered>>);

impl Memo {
    /// The answer that this shape was given, or is given now.
    pub(super) fn answer(&self, shape: Shape, ask: impl FnOnce() -> Remembered) -> Remembered {
        // A writer that panicked has written nothing: an answer goes in whole or not at all.
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&shape).cloned();
        known.unwrap_or_else(|| {
            let answer = ask();
            self.0.write().unwrap_or_else(PoisonError::into_inner).insert(shape, answer.clone());
            answer
        })
    }
}
