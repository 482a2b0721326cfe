//! Plain sentences beside the validator's messages, for the traps that real client teams fell into. The validator
//! says what it expected; these say what to do.

use domain::incident_types;

use super::document::Document;
use super::language::{Attribute, Base, Complex, Content, Element, Simple, Since};
use super::values::FaultKind;
use super::xsd::complex_types;

/// Longer names of a stranger's are cut.
const SHOWN_CHARS: usize = 60;
/// Longer values are not compared with a list.
const COMPARED_CHARS: usize = 100;

fn cut(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(SHOWN_CHARS).collect()
}

/// Help when the root is not the one that the endpoint takes.
pub(super) fn wrong_root(document: &Document, root: &Element) -> Option<String> {
    if document.own_name(super::document::ROOT).is_none() {
        return Some(
            "The language has no namespace: leave the xmlns declaration and the prefix out.".to_owned(),
        );
    }
    Some(format!("The root must be `{}`: /submit takes `report`, /fileinfo takes `fileDetails`.", root.name))
}

/// Help for a child that may not stand where it stands.
pub(super) fn misplaced(
    document: &Document,
    parent: u32,
    child: u32,
    complex: &'static Complex,
    known: Option<&'static Element>,
) -> Option<String> {
    let Some(name) = document.own_name(child) else {
        return Some(
            "The language has no namespace: leave the xmlns declaration and the prefix out.".to_owned(),
        );
    };
    let before: Vec<&str> = document
        .children(parent)
        .take_while(|sibling| *sibling != child)
        .filter_map(|sibling| document.own_name(sibling))
        .collect();
    match known {
        None => unknown(complex, name),
        Some(_) if matches!(complex.content, Content::Choice(_)) => Some(format!(
            "`{}` holds exactly one place where it happened: write one `{}` for each of them.",
            complex.name, complex.name
        )),
        Some(element) => Some(out_of_order(complex, element, &before)),
    }
}

fn out_of_order(complex: &Complex, element: &Element, before: &[&str]) -> String {
    let (name, parent) = (element.name, complex.name);
    if !element.occurs.is_repeatable() && before.contains(&name) {
        return format!(
            "`{name}` may stand only once in `{parent}` and this is another one: the order is not the problem, leave one out."
        );
    }
    let elements = complex.content.elements();
    let place = |name: &str| elements.iter().position(|known| known.name == name);
    let own = place(name);
    if let Some(later) = before.iter().find(|sibling| place(sibling) > own) {
        return format!("The order in `{parent}` is fixed: `{name}` must stand before `{later}`.");
    }
    if let Some(other) = elements.get(own.map_or(0, |own| own.saturating_sub(1)))
        && element.shares_place
        && before.contains(&other.name)
    {
        return format!("Write either `{}` or `{name}`, not both.", other.name);
    }
    let missing = elements.iter().find(|known| known.occurs.is_required() && !before.contains(&known.name));
    missing.map_or_else(
        || format!("The order in `{parent}` is fixed; look it up in the reference."),
        |missing| format!("`{}` is required in `{parent}` and must stand before `{name}`.", missing.name),
    )
}

fn unknown(complex: &'static Complex, name: &str) -> Option<String> {
    let (parent, shown) = (complex.name, cut(name));
    match (parent, name) {
        ("associatedAccount", "accountType") => {
            return Some("Write the type of an associated account as its attribute `type`.".to_owned());
        }
        ("associatedAccount", "accountDisplayName") => {
            return Some("In `associatedAccount` the element is called `displayName`.".to_owned());
        }
        ("associatedAccount", "accountIdentifier") => {
            return Some("In `associatedAccount` the element is called `espIdentifier`.".to_owned());
        }
        _ => {}
    }
    if complex.attribute(name).is_some() {
        return Some(format!("`{shown}` is an attribute of `{parent}`, not an element."));
    }
    let elements = complex.content.elements();
    if elements.iter().any(|known| known.name == name && known.since == Since::Documentation2026) {
        return Some(format!(
            "`{shown}` was added in 2026; this endpoint enforces the schema of November 2025."
        ));
    }
    let near = nearest(name, elements.iter().map(|known| known.name));
    if let Some(near) = near {
        return Some(format!("`{parent}` does not know `{shown}`. Did you mean `{near}`?"));
    }
    let owners: Vec<&str> = complex_types()
        .into_iter()
        .filter(|other| other.content.elements().iter().any(|known| known.name == name))
        .map(|other| other.name)
        .collect();
    (!owners.is_empty()).then(|| format!("`{shown}` belongs in {}, not in `{parent}`.", quoted(&owners)))
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

/// Help for required children that are missing at the end.
pub(super) fn incomplete(complex: &Complex, expected: &[&str]) -> String {
    let required = |name: &&&str| {
        complex.content.elements().iter().any(|known| known.name == **name && known.occurs.is_required())
    };
    let missing: Vec<&str> = expected.iter().filter(required).copied().collect();
    format!("`{}` lacks {}.", complex.name, quoted(&missing))
}

/// Help for an attribute that its element does not have.
pub(super) fn attribute_elsewhere(element: &str, attribute: &str) -> Option<String> {
    match (element, attribute) {
        ("nameValuePair", "type") => {
            return Some("Write `type` on `details`, once, not on each pair.".to_owned());
        }
        ("associatedAccount", "accountType") => return Some("The attribute is called `type`.".to_owned()),
        ("associatedAccount", "thirdPartyUser") => {
            return Some("Write `thirdPartyUser` on the `platform` inside.".to_owned());
        }
        _ => {}
    }
    let owners: Vec<&str> = complex_types()
        .into_iter()
        .filter(|complex| complex.attribute(attribute).is_some() && complex.name != element)
        .map(|complex| complex.name)
        .collect();
    let shown = cut(attribute);
    (!owners.is_empty())
        .then(|| format!("`{shown}` is an attribute of {}, not of `{element}`.", quoted(&owners)))
}

/// Help for an attribute that must be given.
pub(super) fn missing_attribute(element: &str, attribute: &Attribute) -> String {
    let values = attribute.kind.list.map(|list| list.values().join(", "));
    values.map_or_else(
        || format!("Add the attribute `{}` to `{element}`: {}", attribute.name, attribute.says),
        |values| format!("Add the attribute `{}` to `{element}`; it is one of: {values}.", attribute.name),
    )
}

/// Help for a mark that was set to false.
pub(super) fn false_mark(name: &str) -> String {
    format!("A mark can only be set: leave `{name}` out to say no.")
}

/// Help for a value that is not of its type.
pub(super) fn value(simple: &Simple, kind: FaultKind, value: &str, name: &str) -> Option<String> {
    match kind {
        FaultKind::NotListed => Some(not_listed(simple, value, name)),
        FaultKind::Limit => None,
        FaultKind::Lexical => match simple.base {
            Base::DateTime => {
                Some("Write a time as 2026-02-03T14:05:00Z, or with an offset such as -05:00.".to_owned())
            }
            Base::Date => Some("Write a date as 2026-02-03.".to_owned()),
            Base::Boolean => Some("Write true or false; leave the part out when you do not know.".to_owned()),
            Base::Flag => Some("Write an empty element or true; leave it out to say no.".to_owned()),
            Base::Long | Base::Int => Some("Write a whole number in digits.".to_owned()),
            Base::Double => Some("Write a number such as 38.8977.".to_owned()),
            Base::String | Base::Token => None,
        },
    }
}

fn not_listed(simple: &Simple, value: &str, name: &str) -> String {
    let former = incident_types().iter().find(|kind| kind.former_wire.iter().any(|old| old == value));
    if let Some(kind) = former.filter(|_| simple.name == "incidentType") {
        return format!("This value has a new wording: '{}'.", kind.wire);
    }
    let values = simple.list.map(|list| list.values()).unwrap_or_default();
    if let Some(near) = nearest(value.trim(), values.iter().copied().filter(|known| !known.is_empty())) {
        return format!("Did you mean '{near}'? Values are compared letter by letter.");
    }
    format!("`{name}` is taken from a closed list; values are compared letter by letter.")
}

/// The known word that differs least from `word`, if it differs little.
fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    if word.chars().count() > COMPARED_CHARS {
        return None;
    }
    let word = word.to_lowercase();
    let allowed = (word.chars().count() / 5).clamp(1, 3);
    known
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance * 2 < candidate.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be changed, added or removed to turn one word into the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
