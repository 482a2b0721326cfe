//! One pass over a SQL text: names become numbers, words become the engine's, and what is quoted stays untouched.

use crate::Dialect;

/// Parameters of one statement; PostgreSQL allows 65,535, SQLite 32,766.
const MOST_PARAMETERS: usize = 32_766;

#[derive(Debug, PartialEq)]
pub(super) struct Rewritten {
    pub text: String,
    pub parameters: Vec<String>,
}

/// Rewrites `:name` to the engine's numbered parameter and `{word}` to the engine's word.
///
/// INVARIANT: every number is written out, also for SQLite, and a name has one number wherever it stands. SQLite
/// alone would number by first appearance, and silently swap the arguments of `SELECT $2, $1`.
pub(super) fn rewrite(sql: &str, dialect: Dialect) -> Result<Rewritten, String> {
    let mut out = Rewritten { text: String::with_capacity(sql.len()), parameters: Vec::new() };
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        let taken = match next {
            '\'' | '"' => quoted(rest, next),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            ':' if rest.starts_with("::") => 2,
            ':' => {
                rest = parameter(rest, dialect, &mut out)?;
                continue;
            }
            '{' => {
                rest = word(rest, dialect, &mut out)?;
                continue;
            }
            '?' | '$' => return Err("parameters are written :name".to_owned()),
            _ => next.len_utf8(),
        };
        out.text.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    Ok(out)
}

/// Replaces only the engine's words, for the scripts of migrations, which have no parameters.
pub(crate) fn worded(sql: &str, dialect: Dialect) -> Result<String, String> {
    let rewritten = rewrite(sql, dialect)?;
    match rewritten.parameters.first() {
        Some(name) => Err(format!("a script has no parameters, found :{name}")),
        None => Ok(rewritten.text),
    }
}

/// The length of a quoted piece at the start of `text`. A doubled quote reads as two pieces side by side.
fn quoted(text: &str, mark: char) -> usize {
    text[1..].find(mark).map_or(text.len(), |end| end + 2)
}

fn parameter<'a>(text: &'a str, dialect: Dialect, out: &mut Rewritten) -> Result<&'a str, String> {
    let name = identifier(&text[1..]);
    if name.is_empty() {
        return Err("a colon without a name".to_owned());
    }
    let number = match out.parameters.iter().position(|known| known == name) {
        Some(place) => place + 1,
        None if out.parameters.len() == MOST_PARAMETERS => return Err("too many parameters".to_owned()),
        None => {
            out.parameters.push(name.to_owned());
            out.parameters.len()
        }
    };
    out.text.push(dialect.parameter_mark());
    out.text.push_str(&number.to_string());
    Ok(&text[1 + name.len()..])
}

fn word<'a>(text: &'a str, dialect: Dialect, out: &mut Rewritten) -> Result<&'a str, String> {
    let name = identifier(&text[1..]);
    let rest = &text[1 + name.len()..];
    match (dialect.word(name), rest.strip_prefix('}')) {
        (Some(word), Some(rest)) => {
            out.text.push_str(word);
            Ok(rest)
        }
        _ => Err(format!("{{{name}}} is not a word of the dialect")),
    }
}

/// The identifier at the start of `text`: lower case, digits, underscore.
fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
    let name = &text[..end.unwrap_or(text.len())];
    if name.starts_with(|c: char| c.is_ascii_digit()) { "" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    fn rewritten(sql: &str, engine: Engine) -> String {
        rewrite(sql, engine.dialect()).unwrap().text
    }

    #[test]
    fn a_name_used_twice_keeps_its_number_on_both_engines() {
        let sql = "SELECT :b, :a, :b";
        assert_eq!(rewritten(sql, Engine::Postgres), "SELECT $1, $2, $1");
        assert_eq!(rewritten(sql, Engine::Sqlite), "SELECT ?1, ?2, ?1");
    }

    #[test]
    fn casts_literals_comments_and_identifiers_are_left_alone() {
        let sql = "SELECT ':a''{blob}', \":b\", x::TEXT -- :c ?\n/* :d $1 */, :e, '";
        assert_eq!(rewritten(sql, Engine::Postgres), sql.replace(":e", "$1"));
    }

    #[test]
    fn a_name_that_starts_another_is_not_mixed_up_with_it() {
        assert_eq!(rewritten(":a,:ab,:a_b,:a", Engine::Postgres), "$1,$2,$3,$1");
    }

    #[test]
    fn words_differ_by_engine_and_unknown_words_are_refused() {
        assert_eq!(rewritten("x {blob} {for_update}", Engine::Sqlite), "x BLOB ");
        assert_eq!(rewritten("x {blob} {for_update}", Engine::Postgres), "x BYTEA FOR NO KEY UPDATE");
        assert!(rewrite("{bolb}", Engine::Sqlite.dialect()).is_err());
    }

    #[test]
    fn numbered_parameters_are_refused() {
        assert!(rewrite("SELECT $2, $1", Engine::Sqlite.dialect()).is_err());
        assert!(rewrite("SELECT ?", Engine::Sqlite.dialect()).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_rewritten_or_refused_without_a_panic(sql in ".{0,80}") {
            for engine in [Engine::Sqlite, Engine::Postgres] {
                if let Ok(rewritten) = rewrite(&sql, engine.dialect()) {
                    proptest::prop_assert!(rewritten.parameters.len() <= sql.len());
                }
            }
        }
    }
}
