//! What this report lacks, for an officer who wonders whether something was overlooked: it was not, it never came.

use domain::{Dossier, Quality};
use maud::{Markup, html};
use ui::Reason;

pub(crate) fn section(dossier: &Dossier) -> Markup {
    let Some(quality) = &dossier.quality else { return html! {} };
    html! {
        h3 #lacks { "What this report lacks" }
        @if quality.lacks.is_empty() {
            p { "The sender gave everything that the rules ask for." }
        } @else {
            p {
                "You have not missed anything: the sender left this out, or did not know it. It says nothing about the "
                "people in the report, and changes neither its priority nor who receives it. The sender sees the same "
                "list. You may ask it: see \"How this sender reports\" for where."
            }
            p { "Of 100 points for completeness this report has " (quality.score) "." }
            (reasons(quality))
        }
    }
}

fn reasons(quality: &Quality) -> Markup {
    let facts: Vec<[(&str, &str); 1]> =
        quality.lacks.iter().map(|lack| [("Why it matters", lack.why.as_str())]).collect();
    let lacks = quality.lacks.iter().zip(&facts);
    let reasons: Vec<Reason<'_>> =
        lacks.map(|(lack, facts)| Reason { because: &lack.says, rule: &lack.rule, facts }).collect();
    ui::reasons(&reasons)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Dossier {
        serde_json::from_str(include_str!("../../formats/fixtures/dossier/full.json")).unwrap()
    }

    #[test]
    fn an_officer_reads_what_never_came_and_why_it_matters() {
        let page = section(&full()).into_string();
        for words in ["has 71.", "uploaded them: 3 of 4.", "Why it matters: ", "upload-address-missing"] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }

    #[test]
    fn a_report_that_nobody_judged_has_no_such_part_and_a_whole_one_says_so() {
        let mut dossier = full();
        if let Some(quality) = &mut dossier.quality {
            quality.lacks.clear();
        }
        assert!(section(&dossier).into_string().contains("gave everything"));
        dossier.quality = None;
        assert_eq!(section(&dossier).into_string(), "");
    }
}
