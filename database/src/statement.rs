//! From a SQL constant with named parameters to the text that an engine understands.

use std::collections::HashMap;
use std::rc::Rc;

use crate::{Args, Dialect, Fault, Value, Where};

mod scan;

pub(crate) use scan::worded;

/// Rewritten statements that one connection keeps; more than the code base has constants.
const KEPT: usize = 2_048;

/// A statement in the words of one engine.
#[derive(Debug, PartialEq)]
pub(crate) struct Statement {
    /// From the comment in the first line, for errors and measures.
    pub name: &'static str,
    /// With numbered parameters.
    pub text: String,
    /// The name behind each number, the first being number one.
    parameters: Vec<String>,
}

impl Statement {
    /// Rewrites `text`, which is `sql` itself or `sql` with its filters spliced in.
    fn rewritten(sql: &'static str, text: &str, dialect: Dialect) -> Result<Self, Fault> {
        let name = name_of(sql)?;
        let scan::Rewritten { text, parameters } =
            scan::rewrite(text, dialect).map_err(|problem| Fault::statement(name, "text", problem))?;
        Ok(Self { name, text, parameters })
    }

    /// The same statement in an engine's longer words, whose values are already in order.
    pub(crate) fn retold(&self, text: String) -> Self {
        Self { name: self.name, text, parameters: Vec::new() }
    }

    /// Puts the arguments in the order of the parameters' numbers.
    pub(crate) fn arranged<'a>(&self, args: &'a Args) -> Result<Vec<&'a Value>, Fault> {
        let refused = |problem: String| Fault::statement(self.name, "binding", problem);
        let named = args.named();
        for (place, (name, value)) in named.iter().enumerate() {
            if !self.parameters.iter().any(|parameter| parameter == name) {
                return Err(refused(format!("the text has no parameter :{name}")));
            }
            if named[..place].iter().any(|(earlier, _)| earlier == name) {
                return Err(refused(format!("parameter :{name} is bound twice")));
            }
            if let Value::Unfit(why) = value {
                return Err(refused(format!("parameter :{name} is {why}")));
            }
        }
        let value_of = |parameter: &String| {
            let found = named.iter().find(|(name, _)| name == parameter);
            found
                .map(|(_, value)| value)
                .ok_or_else(|| refused(format!("parameter :{parameter} is not bound")))
        };
        self.parameters.iter().map(value_of).collect()
    }
}

/// The name in the first line that is not blank, as in `-- report::queue`.
fn name_of(sql: &'static str) -> Result<&'static str, Fault> {
    let first = sql.trim_start().lines().next().unwrap_or_default();
    match first.strip_prefix("--").map(str::trim) {
        Some(name) if !name.is_empty() => Ok(name),
        _ => Err(Fault::statement(
            "unnamed",
            "text",
            "the first line of a statement is its name, as a comment",
        )),
    }
}

/// The statements that one connection has seen, so that each text is read once.
pub(crate) struct Statements {
    dialect: Dialect,
    /// By address: a `&'static str` never moves and never changes.
    constants: HashMap<(usize, usize), Rc<Statement>>,
    spliced: HashMap<String, Rc<Statement>>,
}

impl Statements {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self { dialect, constants: HashMap::new(), spliced: HashMap::new() }
    }

    /// The statement of a constant.
    pub(crate) fn constant(&mut self, sql: &'static str) -> Result<Rc<Statement>, Fault> {
        let address = (sql.as_ptr() as usize, sql.len());
        if let Some(known) = self.constants.get(&address) {
            return Ok(Rc::clone(known));
        }
        let statement = Rc::new(Statement::rewritten(sql, sql, self.dialect)?);
        if self.constants.len() < KEPT {
            self.constants.insert(address, Rc::clone(&statement));
        }
        Ok(statement)
    }

    /// The statement of a constant with filters.
    pub(crate) fn spliced(&mut self, sql: &'static str, filter: &Where) -> Result<Rc<Statement>, Fault> {
        let text = filter.spliced(sql).ok_or_else(|| {
            Fault::statement(name_of(sql).unwrap_or("unnamed"), "text", "no single /*where*/ mark")
        })?;
        if let Some(known) = self.spliced.get(&text) {
            return Ok(Rc::clone(known));
        }
        let statement = Rc::new(Statement::rewritten(sql, &text, self.dialect)?);
        if self.spliced.len() < KEPT {
            self.spliced.insert(text, Rc::clone(&statement));
        }
        Ok(statement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Engine, bind};

    fn statement(sql: &'static str) -> Statement {
        Statement::rewritten(sql, sql, Engine::Postgres.dialect()).unwrap()
    }

    fn refusal(sql: &'static str, args: &Args) -> String {
        match statement(sql).arranged(args).unwrap_err() {
            Fault::Statement { source, .. } => source.message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn arguments_follow_names_whatever_their_order() {
        let statement = statement("-- t::t\nSELECT :b, :a, :b");
        let args = bind! { a: 1_i64, b: 2_i64 };
        assert_eq!(statement.arranged(&args).unwrap(), [&Value::Int(2), &Value::Int(1)]);
    }

    #[test]
    fn unknown_missing_doubled_and_unfit_arguments_are_refused_by_name() {
        let sql = "-- t::t\nSELECT :a";
        assert_eq!(refusal(sql, &bind! {}), "parameter :a is not bound");
        assert_eq!(refusal(sql, &bind! { a: 1_i64, z: 1_i64 }), "the text has no parameter :z");
        assert_eq!(refusal(sql, &bind! { a: 1_i64, a: 1_i64 }), "parameter :a is bound twice");
        assert_eq!(refusal(sql, &bind! { a: "a\0b" }), "parameter :a is text with U+0000");
    }

    #[test]
    fn a_statement_without_a_name_is_refused() {
        assert!(name_of("SELECT 1").is_err());
        assert_eq!(name_of("\n    -- report::queue\n    SELECT 1").unwrap(), "report::queue");
    }

    #[test]
    fn a_constant_is_rewritten_once() {
        let mut statements = Statements::new(Engine::Sqlite.dialect());
        let sql = "-- t::t\nSELECT :a";
        let first = statements.constant(sql).unwrap();
        assert!(Rc::ptr_eq(&first, &statements.constant(sql).unwrap()));
    }
}
