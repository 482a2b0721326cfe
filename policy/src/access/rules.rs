//! The access policies: reviewed text in Cedar, one file a policy, each with its rule and the source of that rule.

use std::collections::BTreeMap;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Policy, PolicyId, PolicySet, Request, Schema, SchemaFragment,
    ValidationMode, Validator,
};

use super::action::Action;
use super::memo::{self, Memo, Remembered};
use super::question::{Asker, Space, uid};
use crate::rules::{Cause, RuleFault};

/// The fragment that says who can ask; actions and what else they need have fragments beside it, one a room.
const SCHEMA: &str = "access/schema.cedarschema";
const FRAGMENT_ENDING: &str = ".cedarschema";
const ENDING: &str = ".cedar";

/// What a policy says of itself: stands beside every permit that it made, and on the page of whoever holds one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// Name of the policy and of its file.
    pub policy: String,
    /// Rule that it carries out, such as `R-36`.
    pub rule: String,
    /// Where that rule stands, such as `18 USC 2258A(c)`.
    pub source: String,
    /// The policy in one sentence.
    pub says: String,
}

/// An answer, with the policy that determined it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer<'a> {
    /// Allowed, by this policy.
    Yes(&'a Why),
    /// Not allowed: by a policy that forbids it, or because no policy allows it.
    No(Option<&'a Why>),
}

/// An answer with every policy that determined it: those that allow, or, of a no, those that forbid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained<'a> {
    /// Whether it is allowed.
    pub yes: bool,
    /// The policies, by name; none when nothing allows it.
    pub by: Vec<&'a Why>,
}

/// Every access policy, checked against the schema.
#[derive(Debug)]
pub struct AccessRules {
    policies: PolicySet,
    whys: BTreeMap<PolicyId, Why>,
    /// Without one there are no policies, and every answer is no.
    schema: Option<Schema>,
    memo: Memo,
    /// False when a policy names somebody: what was answered to another then says nothing.
    remembers: bool,
}

impl AccessRules {
    /// Reads the files of the folder `access`.
    ///
    /// # Errors
    /// [`RuleFault`] names the first file that is not understood, or does not say what it carries out.
    pub(crate) fn load(files: &[(&str, &str)]) -> Result<Self, RuleFault> {
        let mut rules = Self {
            policies: PolicySet::new(),
            whys: BTreeMap::new(),
            schema: None,
            memo: Memo::default(),
            remembers: true,
        };
        let (fragments, policies): (Vec<_>, Vec<_>) =
            files.iter().partition(|(file, _)| file.ends_with(FRAGMENT_ENDING));
        rules.schema = joined(&fragments)?;
        for (file, text) in policies {
            rules.add(file, text)?;
        }
        rules.validate()?;
        Ok(rules)
    }

    fn add(&mut self, file: &str, text: &str) -> Result<(), RuleFault> {
        let policy = Policy::parse(None, text).map_err(|fault| not_understood(file, fault))?;
        let said = |name: &'static str| {
            let text = policy.annotation(name).filter(|text| !text.trim().is_empty());
            text.map(str::to_owned).ok_or_else(|| RuleFault::new(file, Cause::NotSaid(name)))
        };
        let why =
            Why { policy: said("id")?, rule: said("rule")?, source: said("source")?, says: said("says")? };
        if file.strip_prefix("access/").and_then(|name| name.strip_suffix(ENDING)) != Some(&why.policy) {
            return Err(RuleFault::new(file, Cause::NamedDifferently(why.policy)));
        }
        self.remembers &= !memo::names_somebody(&policy);
        let id = PolicyId::new(&why.policy);
        self.policies.add(policy.new_id(id.clone())).map_err(|fault| not_understood(file, fault))?;
        self.whys.insert(id, why);
        Ok(())
    }

    /// A policy that asks for what the schema does not have would never fire, without a sound.
    fn validate(&self) -> Result<(), RuleFault> {
        let Some(schema) = &self.schema else {
            let first = self.whys.values().next();
            return first.map_or(Ok(()), |why| Err(RuleFault::new(&file_of(why), Cause::NotSaid("schema"))));
        };
        let found = Validator::new(schema.clone()).validate(&self.policies, ValidationMode::Strict);
        match found.validation_errors().next() {
            None => Ok(()),
            Some(error) => {
                let file = self.whys.get(error.policy_id()).map_or_else(|| SCHEMA.to_owned(), file_of);
                Err(not_understood(&file, error))
            }
        }
    }

    /// How many policies there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.whys.len()
    }

    /// True without a policy: nobody may anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.whys.is_empty()
    }

    /// Decides. Default deny; what is forbidden stays forbidden whatever allows it. Among several policies that say
    /// the same the first by name is answered, so that the same question has the same answer.
    #[must_use]
    pub fn decide(&self, who: &Asker<'_>, action: Action, space: &Space<'_>) -> Answer<'_> {
        let shape = if self.remembers { memo::shape(who, action, space) } else { None };
        let (yes, id) = match shape {
            Some(shape) => self.memo.answer(shape, || self.judge(who, action, space)),
            None => self.judge(who, action, space),
        };
        match (yes, id.and_then(|id| self.whys.get(&id))) {
            (true, Some(why)) => Answer::Yes(why),
            (_, why) => Answer::No(why),
        }
    }

    /// Decides as [`AccessRules::decide`], always anew, and names every policy that determined the answer.
    #[must_use]
    pub fn explain(&self, who: &Asker<'_>, action: Action, space: &Space<'_>) -> Explained<'_> {
        let (yes, ids) = self.determining(who, action, space);
        Explained { yes, by: ids.iter().filter_map(|id| self.whys.get(id)).collect() }
    }

    fn judge(&self, who: &Asker<'_>, action: Action, space: &Space<'_>) -> Remembered {
        let (yes, ids) = self.determining(who, action, space);
        (yes, ids.into_iter().next())
    }

    /// Names in their order; what no policy allowed has none.
    fn determining(&self, who: &Asker<'_>, action: Action, space: &Space<'_>) -> (bool, Vec<PolicyId>) {
        let Some((request, entities)) = self.question(who, action, space) else { return (false, Vec::new()) };
        let response = Authorizer::new().is_authorized(&request, &self.policies, &entities);
        let mut ids: Vec<PolicyId> = response.diagnostics().reason().cloned().collect();
        ids.sort_unstable();
        (response.decision() == Decision::Allow && !ids.is_empty(), ids)
    }

    /// The question in Cedar's terms; `None` when the schema does not know it, which is a no.
    fn question(&self, who: &Asker<'_>, action: Action, space: &Space<'_>) -> Option<(Request, Entities)> {
        let schema = Some(self.schema.as_ref()?);
        let who = who.entity();
        let action = uid("Action", action.as_str());
        let request = Request::new(who.uid(), action, space.uid(), Context::empty(), schema).ok()?;
        Some((request, Entities::from_entities([who].into_iter().chain(space.entity()), schema).ok()?))
    }
}

/// The schema of all fragments. An action or a kind that stands in two of them is refused.
fn joined(fragments: &[(&str, &str)]) -> Result<Option<Schema>, RuleFault> {
    if fragments.is_empty() {
        return Ok(None);
    }
    let mut read = Vec::with_capacity(fragments.len());
    for (file, text) in fragments {
        let fragment = SchemaFragment::from_cedarschema_str(text);
        read.push(fragment.map_err(|fault| not_understood(file, fault))?.0);
    }
    let schema = Schema::from_schema_fragments(read).map_err(|fault| not_understood(SCHEMA, fault))?;
    Ok(Some(schema))
}

fn file_of(why: &Why) -> String {
    format!("access/{}{ENDING}", why.policy)
}

fn not_understood(file: &str, fault: impl std::fmt::Display) -> RuleFault {
    RuleFault::new(file, Cause::NotUnderstood(fault.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RuleSet;
    use domain::{AgencyId, CredentialId, Id as _};
    use std::collections::BTreeSet;

    const POLICY: &str = "@id(\"workers\") @rule(\"R-20\") @source(\"s\") @says(\"t\")
        permit (principal is Worker, action, resource is House);";

    fn fragments() -> Vec<(&'static str, &'static str)> {
        let files = RuleSet::embedded_files().iter().copied();
        files.filter(|(name, _)| name.ends_with(FRAGMENT_ENDING)).collect()
    }

    fn refused(name: &str, text: &str) -> RuleFault {
        let mut files = fragments();
        files.push((name, text));
        AccessRules::load(&files).unwrap_err()
    }

    #[test]
    fn the_schema_and_the_program_know_the_same_actions() {
        let schema = joined(&fragments()).unwrap().unwrap();
        let declared: BTreeSet<String> =
            schema.actions().map(|uid| uid.id().unescaped().to_owned()).collect();
        let known = Action::ALL.iter().map(|action| action.as_str().to_owned());
        assert_eq!(declared, known.collect());
    }

    #[test]
    fn an_action_that_two_fragments_declare_is_refused() {
        let again = "action \"read-report\" appliesTo { principal: Worker, resource: House };";
        let fault = refused("access/again.cedarschema", again);
        assert!(matches!(fault.cause, Cause::NotUnderstood(_)));
    }

    #[test]
    fn a_policy_says_which_rule_it_carries_out_and_where_that_stands() {
        for annotation in ["id", "rule", "source", "says"] {
            let silent = POLICY.replace(&format!("@{annotation}("), "@other_(");
            assert_eq!(refused("access/workers.cedar", &silent).cause, Cause::NotSaid(annotation));
        }
        let fault = refused("access/others.cedar", POLICY);
        assert_eq!(fault.cause, Cause::NamedDifferently("workers".to_owned()));
    }

    #[test]
    fn a_policy_about_what_does_not_exist_is_refused_and_named() {
        let wrong = POLICY.replace(";", " when { principal.agency == resource };");
        let fault = refused("access/workers.cedar", &wrong);
        assert_eq!(fault.file, "access/workers.cedar");
        assert!(matches!(fault.cause, Cause::NotUnderstood(_)));
    }

    #[test]
    fn every_policy_that_determines_an_answer_is_named() {
        let mut files = fragments();
        let twin = POLICY.replace("workers", "workers-too");
        files.extend([("access/workers.cedar", POLICY), ("access/workers-too.cedar", twin.as_str())]);
        let rules = AccessRules::load(&files).unwrap();
        let explained = rules.explain(&Asker::Worker, Action::Read, &Space::House);
        let names: Vec<&str> = explained.by.iter().map(|why| why.policy.as_str()).collect();
        assert_eq!((explained.yes, names), (true, vec!["workers", "workers-too"]));
    }

    #[test]
    fn a_policy_that_names_somebody_is_asked_anew_for_each() {
        let text = "@id(\"one\") @rule(\"R-20\") @source(\"s\") @says(\"t\")
            permit (principal is System, action, resource == Agency::\"icac-us-mn\");";
        let mut files = fragments();
        files.push(("access/one.cedar", text));
        let rules = AccessRules::load(&files).unwrap();
        assert!(!rules.remembers);
        let (client, here) = (CredentialId::parse("c-1").unwrap(), AgencyId::parse("icac-us-mn").unwrap());
        let there = AgencyId::parse("icac-us-wi").unwrap();
        for (agency, expected) in [(&here, true), (&there, false), (&here, true)] {
            let who = Asker::System { client: &client, agency };
            let answer = rules.decide(&who, Action::Read, &Space::Agency(agency));
            assert_eq!(matches!(answer, Answer::Yes(_)), expected, "{agency}");
        }
        assert!(RuleSet::embedded().access().remembers);
    }

    #[test]
    fn without_policies_nobody_may_anything() {
        let none = AccessRules::load(&[]).unwrap();
        assert_eq!(none.decide(&Asker::Worker, Action::Read, &Space::House), Answer::No(None));
        assert_eq!(
            AccessRules::load(&[("access/workers.cedar", POLICY)]).unwrap_err().cause,
            Cause::NotSaid("schema")
        );
    }
}
