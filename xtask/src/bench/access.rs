//! `access`: decisions a second as pages put them, against the same judgement written by hand in plain code.
//!
//! The mix is what a busy hour asks: officers, systems and staff, allowed and refused. `anew` puts every question to
//! Cedar, as it was before answers were remembered.

use std::hint::black_box;
use std::time::{Duration, Instant};

use domain::{AgencyId, CredentialId, Id, PersonId};
use policy::access::{Action, Answer, Asker, Person, Space};
use policy::{RuleSet, ViewerRole};
use serde_json::json;

use super::{Args, Outcome};
use crate::Result;

/// Questions between two looks at the clock.
const BATCH: usize = 64;

struct Cast {
    people: Vec<(PersonId, ViewerRole, Option<AgencyId>)>,
    client: CredentialId,
    agencies: Vec<AgencyId>,
}

/// Measures on one thread.
pub fn run(args: &Args) -> Result<Outcome> {
    let cast = cast()?;
    let questions = questions(&cast);
    let rules = RuleSet::embedded().access();
    let span = Duration::from_secs(args.seconds.into());
    let remembered = measure(&questions, span, |who, action, space| {
        matches!(rules.decide(who, action, space), Answer::Yes(_))
    });
    let anew = measure(&questions, span, |who, action, space| rules.explain(who, action, space).yes);
    let by_hand = measure(&questions, span, by_hand);
    if remembered.allowed != anew.allowed || anew.allowed != by_hand.allowed {
        return Err("the three judgements differ".into());
    }
    Ok(Outcome {
        name: "access".into(),
        figure: remembered.per_second,
        unit: "decisions/s".into(),
        yardstick: by_hand.per_second,
        ratio: remembered.per_second / by_hand.per_second,
        details: json!({
            "questions": questions.len(),
            "allowed_of_questions": remembered.allowed,
            "threads": 1,
            "remembered": remembered.described(),
            "anew": anew.described(),
            "by_hand": by_hand.described(),
        }),
    })
}

fn cast() -> Result<Cast> {
    let agencies: Vec<AgencyId> =
        (0..8).map(|n| AgencyId::parse(&format!("icac-{n}"))).collect::<Result<_, _>>()?;
    let of_agency = [ViewerRole::Commander, ViewerRole::Investigator, ViewerRole::Prosecutor];
    let mut people = Vec::new();
    for (n, agency) in agencies.iter().enumerate() {
        let role = of_agency[n % of_agency.len()];
        people.push((PersonId::parse(&format!("p-{n}"))?, role, Some(agency.clone())));
    }
    for (n, role) in [ViewerRole::Analyst, ViewerRole::Auditor].into_iter().enumerate() {
        people.push((PersonId::parse(&format!("s-{n}"))?, role, None));
    }
    Ok(Cast { people, client: CredentialId::parse("c-1")?, agencies })
}

type Asked<'a> = (Asker<'a>, Action, Space<'a>);

fn questions(cast: &Cast) -> Vec<Asked<'_>> {
    let mut all = Vec::new();
    for action in [Action::List, Action::Read, Action::Take] {
        for agency in &cast.agencies {
            for (person, role, of) in &cast.people {
                let person = Person {
                    person,
                    role: *role,
                    agency: of.as_ref(),
                    provider: None,
                    banner: true,
                    fresh: true,
                };
                all.push((Asker::Person(person), action, Space::Agency(agency)));
                all.push((Asker::Person(person), action, Space::House));
            }
            let client = Asker::System { client: &cast.client, agency: &cast.agencies[0] };
            all.push((client, action, Space::Agency(agency)));
        }
    }
    all
}

fn by_hand(who: &Asker<'_>, action: Action, space: &Space<'_>) -> bool {
    match (who, space) {
        (Asker::Person(person), Space::Agency(agency)) => {
            person.banner && person.role.is_of_agency() && person.agency == Some(*agency)
        }
        (Asker::Person(person), Space::House) => {
            let works =
                matches!(person.role, ViewerRole::Analyst | ViewerRole::Supervisor | ViewerRole::Counsel);
            person.banner && works && action != Action::Take
        }
        (Asker::System { agency: of, .. }, Space::Agency(agency)) => of == agency,
        _ => false,
    }
}

struct Measured {
    per_second: f64,
    p50_ns: u64,
    p99_ns: u64,
    allowed: usize,
}

impl Measured {
    fn described(&self) -> serde_json::Value {
        json!({ "per_s": self.per_second, "p50_ns": self.p50_ns, "p99_ns": self.p99_ns })
    }
}

fn measure(
    questions: &[Asked<'_>],
    span: Duration,
    judge: impl Fn(&Asker<'_>, Action, &Space<'_>) -> bool,
) -> Measured {
    let put = |(who, action, space): &Asked<'_>| black_box(judge(black_box(who), *action, black_box(space)));
    let allowed = questions.iter().filter(|asked| put(asked)).count();
    // Single questions for the percentiles, batches for the rate: a look at the clock costs as much as an answer.
    let mut single: Vec<u64> = Vec::new();
    let (started, mut asked) = (now(), 0_usize);
    let mut busy = Duration::ZERO;
    while started.elapsed() < span {
        for batch in questions.chunks(BATCH) {
            let from = now();
            batch.iter().for_each(|question| {
                put(question);
            });
            busy += from.elapsed();
            asked += batch.len();
            let from = now();
            put(&batch[0]);
            single.push(u64::try_from(from.elapsed().as_nanos()).unwrap_or(u64::MAX));
        }
    }
    single.sort_unstable();
    let at = |share: usize| single[(single.len() - 1) * share / 100];
    #[expect(clippy::cast_precision_loss, reason = "a count of answers within seconds is exact in a float")]
    let per_second = asked as f64 / busy.as_secs_f64();
    Measured { per_second, p50_ns: at(50), p99_ns: at(99), allowed }
}

#[expect(clippy::disallowed_methods, reason = "measuring elapsed time is what a benchmark does")]
fn now() -> Instant {
    Instant::now()
}
