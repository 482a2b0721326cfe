//! Lists and reaches are filtered in SQL, where no policy is asked for each row. So both are asked here about every
//! report: the policies, by the spaces in which it lies, and the rows.

use std::collections::BTreeSet;

use casework::inbox::{self, InboxQuery};
use domain::{CredentialId, Id as _, Priority, ReportId};
use policy::RuleSet;
use policy::access::{Action, Asker, Space};
use store::{Refusal, report};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, PROVIDERS, agency_id, lists, provider_id, reads, reads_own};
use crate::run;

const REPORTS: usize = 12;

/// A report, who sent it, and to whom it was made available.
struct Placed {
    report: ReportId,
    provider: &'static str,
    agencies: Vec<&'static str>,
}

/// Every mix of senders and recipients that so many reports allow.
async fn placed(desk: &Desk) -> Vec<Placed> {
    let mut all = Vec::new();
    for number in 0..REPORTS {
        let provider = PROVIDERS[number % PROVIDERS.len()];
        let report = desk.routed(provider, "sextortion", Priority::Routine).await;
        let chosen = AGENCIES.iter().enumerate().filter(|(place, _)| number >> place & 1 == 1);
        let agencies: Vec<&str> = chosen.map(|(_, agency)| agency.0).collect();
        for agency in &agencies {
            desk.deliver(report, agency).await.unwrap();
        }
        all.push(Placed { report, provider, agencies });
    }
    all
}

impl Placed {
    /// Whether the policies let somebody do it in a space where the report lies.
    fn lets(&self, who: &Asker<'_>, action: Action) -> bool {
        let access = RuleSet::in_force().access();
        let provider = provider_id(self.provider);
        let agencies: Vec<_> = self.agencies.iter().map(|agency| agency_id(agency)).collect();
        let spaces = agencies.iter().map(Space::Agency).chain([Space::Provider(&provider)]);
        spaces.into_iter().any(|space| access.explain(who, action, &space).yes)
    }
}

fn allowed(placed: &[Placed], who: &Asker<'_>, action: Action) -> BTreeSet<ReportId> {
    placed.iter().filter(|one| one.lets(who, action)).map(|one| one.report).collect()
}

both_engines! {
    // PROVES: R-29 R-34 R-36
    fn an_inbox_in_sql_lists_exactly_what_the_policies_let_its_agency_list(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let placed = placed(&desk).await;
            let client = CredentialId::parse("c-1").unwrap();
            for (name, ..) in AGENCIES {
                let (agency, permit) = (agency_id(name), lists(name));
                let who = Asker::System { client: &client, agency: &agency };
                let query = InboxQuery { limit: 500, ..InboxQuery::default() };
                let page = desk.read(move |view| inbox::page(view, &permit, &query)).await.unwrap();
                let listed: BTreeSet<ReportId> = page.rows.iter().map(inbox::InboxRow::report).collect();
                assert_eq!(listed, allowed(&placed, &who, Action::List), "{name}");
            }
        });
    }

    // PROVES: R-29 R-33 R-34 R-36
    fn rows_are_within_reach_exactly_where_the_policies_let_one_read(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let placed = placed(&desk).await;
            let client = CredentialId::parse("c-1").unwrap();
            let (agencies, providers) = (AGENCIES.map(|agency| agency_id(agency.0)), PROVIDERS.map(provider_id));
            let systems = agencies.iter().map(|agency| {
                (Asker::System { client: &client, agency }, reads(agency.as_str()))
            });
            let credentials = providers.iter().map(|provider| {
                (Asker::Credential { credential: &client, provider }, reads_own(provider.as_str()))
            });
            for (who, permit) in systems.chain(credentials) {
                let mut reached = BTreeSet::new();
                for one in &placed {
                    let (number, permit) = (one.report, permit.clone());
                    match desk.read(move |view| report::get(view, &permit, number).map(drop)).await {
                        Ok(()) => drop(reached.insert(number)),
                        Err(error) => assert_eq!(error.refusal(), Some(Refusal::NotFound)),
                    }
                }
                assert_eq!(reached, allowed(&placed, &who, Action::Read), "{who:?}");
            }
        });
    }
}
