//! Which fields of a report name a child, from a list that a lawyer can read beside the statute. What has no line in it
//! counts as naming a child.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What is done with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Class {
    /// Taken out, and searched for in every other word of the copy.
    Names,
    /// Taken out where it stands.
    Concerns,
    /// Stays, without whatever of [`Class::Names`] stands in it.
    Searched,
    /// A number, moment, digest or closed word of ours: stays.
    Ours,
}

/// One field as it was reviewed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    /// In the record of somebody who is or may be a child.
    child: Class,
    /// In every other.
    #[serde(rename = "else")]
    other: Class,
    /// The word for it where it was taken out.
    #[serde(rename = "as", default = "detail")]
    pub(super) word: String,
    /// Whose rule it is.
    pub(super) source: String,
    /// Why it is of that class.
    pub(super) why: String,
}

fn detail() -> String {
    "detail".to_owned()
}

impl Field {
    /// Its class in the record of a child, or in that of anybody else.
    pub(super) const fn class(&self, of_child: bool) -> Class {
        if of_child { self.child } else { self.other }
    }
}

/// What nobody has decided about.
static UNDECIDED: LazyLock<Field> = LazyLock::new(|| Field {
    child: Class::Names,
    other: Class::Names,
    word: detail(),
    source: "d".to_owned(),
    why: "Nobody has decided what this field is, so it counts as naming a child.".to_owned(),
});

static FIELDS: LazyLock<BTreeMap<String, Field>> = LazyLock::new(|| {
    // INVARIANT: the list is part of the program; a test reads every line of it.
    toml::from_str(include_str!("fields.toml")).expect("the list of fields is well-formed")
});

/// The field at a path.
pub(super) fn find(path: &str) -> &'static Field {
    FIELDS.get(path).unwrap_or(&UNDECIDED)
}

/// The path of a member below `path`. It begins anew with each person, so that one line holds wherever people stand.
pub(super) fn step(path: &str, member: &str) -> String {
    match member {
        "people" | "account" => "somebody".to_owned(),
        "person" | "contact" | "officer" => "person".to_owned(),
        _ if path.is_empty() => member.to_owned(),
        _ => format!("{path}.{member}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    /// Members of the published form that the dossier itself does not have: they are made of others.
    const OF_THE_FORM: [&str; 9] = [
        "provenance",
        "schema",
        "schema_version",
        "somebody.role_warning",
        "files.package_name",
        "files.in_package",
        "files.viewed",
        "files.exif_viewed",
        "files.public",
    ];
    /// Parts of the published form that stand at the top of a dossier.
    const SECTIONS: [&str; 3] = ["supplied", "added", "assessed"];

    fn snake(camel: &str) -> String {
        let low = |letter: char| match letter.is_ascii_uppercase() {
            true => format!("_{}", letter.to_ascii_lowercase()),
            false => letter.to_string(),
        };
        camel.chars().map(low).collect()
    }

    /// Every path of the published schema that ends in a value.
    fn leaves(all: &Value, of: &Value, path: &str, (seen, found): (&[String], &mut BTreeSet<String>)) {
        if let Some(name) = of["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            let here = format!("{name} {path}");
            if !seen.contains(&here) {
                let seen = [seen, &[here]].concat();
                leaves(all, &all["$defs"][name], path, (&seen, found));
            }
            return;
        }
        let parts = ["oneOf", "anyOf", "allOf"].map(|key| of[key].as_array().cloned().unwrap_or_default());
        for part in parts.iter().flatten() {
            leaves(all, part, path, (seen, found));
        }
        if let Some(members) = of["properties"].as_object() {
            for (name, member) in members {
                let inside =
                    if SECTIONS.contains(&name.as_str()) { String::new() } else { step(path, &snake(name)) };
                leaves(all, member, &inside, (seen, found));
            }
        } else if of["items"].is_object() {
            leaves(all, &of["items"], path, (seen, found));
        } else if parts.iter().all(Vec::is_empty) && of["type"] != "null" {
            found.insert(path.to_owned());
        }
    }

    // PROVES: R-42
    #[test]
    fn every_field_of_a_report_is_said_to_name_a_child_or_not_to() {
        let schema: Value = serde_json::from_str(formats::report_full::SCHEMA).unwrap();
        let mut found = BTreeSet::new();
        leaves(&schema, &schema, "", (&[], &mut found));
        assert!(found.len() > 200, "{found:?}");
        let undecided: Vec<&String> = found
            .iter()
            .filter(|path| !OF_THE_FORM.contains(&path.as_str()) && *path != "findings.value")
            .filter(|path| !FIELDS.contains_key(*path))
            .collect();
        assert!(undecided.is_empty(), "decide in fields.toml: {undecided:?}");
        let beside = |path: &str| path.starts_with("findings.value.") || path.starts_with("files.destroyed.");
        let gone: Vec<&String> =
            FIELDS.keys().filter(|path| !found.contains(*path) && !beside(path)).collect();
        assert!(gone.is_empty(), "no longer a field: {gone:?}");
    }

    #[test]
    fn every_line_has_its_reason_and_a_source_where_something_is_withheld() {
        for (path, field) in &*FIELDS {
            assert!(field.why.ends_with('.') && field.why.len() > 6, "{path}");
            let withholds = |class| matches!(class, Class::Names | Class::Concerns);
            let withheld = withholds(field.child) || withholds(field.other);
            assert_eq!(withheld, field.source.starts_with('d'), "{path}");
            assert_eq!(withheld, field.word != "detail" || path.contains("unmodelled"), "{path}");
        }
    }

    #[test]
    fn a_field_without_a_line_counts_as_naming_a_child() {
        let field = find("somebody.new_field");
        assert_eq!((field.class(true), field.class(false)), (Class::Names, Class::Names));
    }
}
