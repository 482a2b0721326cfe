//! An agency's own work in pictures: what is open, what came and was closed, who has how much, and what came of it. For the
//! agency alone: the clearinghouse sees outcome codes and no more.

use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};
use ui::{Bar, Columns, Link, Series, bars, breadcrumb, columns};
use workspace::figures::{self, Figures, MOST_COUNTED, Shown};

use crate::report_page::{INBOX, refusal};
use crate::session::SignedIn;
use crate::shell;

/// The room in the navigation.
pub(crate) const LINK: Link<'static> = Link { href: "/agency/figures", label: "Figures" };

/// `GET /agency/figures`.
pub(crate) async fn page(who: SignedIn) -> Response {
    match figures::of(&who.agencies.house, &who.session.viewer).await {
        Ok(shown) => {
            let trail = breadcrumb(&[INBOX], LINK.label);
            shell::in_room(StatusCode::OK, &who, (LINK, LINK.label), Some(trail), &main(&shown))
        }
        Err(trouble) => refusal(&who, &trouble),
    }
}

fn main(shown: &Shown) -> Markup {
    let Shown { figures, held } = shown;
    let open: u64 = figures.statuses.iter().map(|(_, count)| count).sum();
    let statuses: Vec<Bar<'_>> =
        figures.statuses.iter().map(|(status, count)| Bar { label: status.title(), count: *count }).collect();
    let priorities: Vec<Bar<'_>> = figures
        .priorities
        .iter()
        .map(|(priority, count)| Bar { label: priority.as_str(), count: *count })
        .collect();
    let outcomes: Vec<Bar<'_>> = figures
        .outcomes
        .iter()
        .map(|(outcome, count)| Bar { label: outcome.title(), count: *count })
        .collect();
    let people: Option<Vec<Bar<'_>>> = held
        .as_ref()
        .map(|held| held.iter().map(|(name, count)| Bar { label: name, count: *count }).collect());
    html! {
        h1 { "Figures" }
        p { "Your agency's own work, counted now and seen by your agency alone. Nothing here measures a person: reports differ more than people." }
        section aria-labelledby="open" {
            h2 #open { "What is open" }
            p { (counted(open)) " open reports, " (counted(figures.late)) " of them late." }
            (bars("statuses", "Open reports by status", "Reports", &statuses))
            (bars("priorities", "Open reports by priority, your agency's own where it has one", "Reports", &priorities))
            @if let Some(people) = people {
                (bars("people", "Open reports by who has them", "Reports", &people))
            }
        }
        section aria-labelledby="weeks" {
            h2 #weeks { "What came and what was closed" }
            (by_week(figures))
        }
        section aria-labelledby="outcomes" {
            h2 #outcomes { "What came of it" }
            (bars("codes", "Reports by the outcome that counts now", "Reports", &outcomes))
        }
    }
}

/// Beyond a most, a figure is only said to be more.
fn counted(count: u64) -> Markup {
    html! { @if count >= MOST_COUNTED { "at least " } (count) }
}

fn by_week(figures: &Figures) -> Markup {
    let days: Vec<String> =
        figures.weeks.iter().map(|week| week.from_at.strftime("%Y-%m-%d").to_string()).collect();
    let periods: Vec<&str> = days.iter().map(String::as_str).collect();
    let arrived: Vec<u64> = figures.weeks.iter().map(|week| week.arrived).collect();
    let closed: Vec<u64> = figures.weeks.iter().map(|week| week.closed).collect();
    columns(&Columns {
        id: "by-week",
        caption: "Reports by week, from each Monday (UTC); the last week is not over",
        period: "Week from",
        periods: &periods,
        series: &[
            Series { label: "Made available to you", counts: &arrived },
            Series { label: "Closed, and still closed", counts: &closed },
        ],
    })
}

#[cfg(test)]
mod tests {
    use domain::{Outcome, Priority, Status};
    use workspace::figures::Week;

    use super::*;

    fn shown(open: u64, held: Option<Vec<(String, u64)>>) -> Shown {
        let from_at = "2026-11-23T00:00:00Z".parse().unwrap();
        let figures = Figures {
            statuses: vec![(Status::New, open)],
            priorities: vec![(Priority::Immediate, open)],
            late: 1,
            weeks: vec![Week { from_at, arrived: 7, closed: 2 }],
            outcomes: vec![(Outcome::Arrest, 1)],
        };
        Shown { figures, held }
    }

    #[test]
    fn every_picture_has_its_table_and_no_figure_is_more_exact_than_it_is() {
        let page = main(&shown(3, None)).into_string();
        assert_eq!(page.matches("<svg").count(), page.matches("<table").count(), "{page}");
        assert!(page.contains("3 open reports, 1 of them late."), "{page}");
        assert!(!page.contains("by who has them"));
        assert!(main(&shown(MOST_COUNTED, None)).into_string().contains("at least 100000 open reports"));
    }

    #[test]
    fn whoever_gives_reports_out_sees_who_has_how_much() {
        let page = main(&shown(3, Some(vec![("Robin <Example>".to_owned(), 2)]))).into_string();
        assert!(page.contains("by who has them") && page.contains("Robin &lt;Example&gt;"), "{page}");
    }
}
