//! What the answer to a finish says of the report's quality: advice in headers, which clients that do not know them
//! pass over. The document stays as the standard has it.

use std::fmt::Write;

use axum::response::Response;
use domain::{Quality, ReportId};
use http::{HeaderName, HeaderValue, header};

/// 0 to 100.
const SCORE: HeaderName = HeaderName::from_static("report-quality");
/// What is missing, the gravest first: a list of RFC 9651, such as `port-missing;count=2;of=3`.
const LACKS: HeaderName = HeaderName::from_static("report-lacks");
/// Reasons in the header; the linked document has all.
const MOST_LACKS: usize = 8;

/// Adds the links to the whole judgement and to the receipt, and the gist of the first where the finish could tell it without another look.
pub(super) fn tell(mut response: Response, report: ReportId, quality: Option<&Quality>) -> Response {
    let link = format!(
        "</provider/v1/reports/{report}/quality>; rel=\"describedby\"; type=\"application/json\", \
         </provider/v1/reports/{report}/receipt>; rel=\"receipt\""
    );
    let gist = quality.map(|quality| [(SCORE, quality.score.to_string()), (LACKS, lacks(quality))]);
    for (name, text) in [(header::LINK, link)].into_iter().chain(gist.into_iter().flatten()) {
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn lacks(quality: &Quality) -> String {
    let mut list = String::new();
    for lack in quality.lacks.iter().take(MOST_LACKS) {
        let comma = if list.is_empty() { "" } else { ", " };
        // INVARIANT: writing to a String cannot fail.
        write!(list, "{comma}{};count={};of={}", lack.rule, lack.count, lack.of)
            .expect("a string takes every write");
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use domain::Lack;

    fn quality(lacks: usize) -> Quality {
        let words = String::new;
        let lack = |at: usize| Lack {
            rule: format!("rule-{at}"),
            field: words(),
            says: words(),
            why: words(),
            fix: words(),
            weight: 1,
            count: 2,
            of: 3,
        };
        let judged_at = "2026-06-01T12:00:00Z".parse().unwrap();
        Quality { score: 71, lacks: (0..lacks).map(lack).collect(), rule_set: words(), judged_at }
    }

    fn told(quality: Option<&Quality>) -> http::HeaderMap {
        let report = ReportId::try_from(1_000_001).unwrap();
        tell(Response::new(Body::empty()), report, quality).headers().clone()
    }

    #[test]
    fn a_judged_report_has_its_score_its_reasons_and_a_link() {
        let headers = told(Some(&quality(2)));
        assert_eq!(headers["report-quality"], "71");
        assert_eq!(headers["report-lacks"], "rule-0;count=2;of=3, rule-1;count=2;of=3");
        let link = headers["link"].to_str().unwrap();
        assert!(link.starts_with("</provider/v1/reports/1000001/quality>"));
        assert!(link.ends_with("</provider/v1/reports/1000001/receipt>; rel=\"receipt\""));
    }

    #[test]
    fn a_report_that_was_not_judged_at_once_has_only_the_link() {
        let headers = told(None);
        assert!(headers.contains_key("link") && !headers.contains_key("report-quality"));
    }

    #[test]
    fn a_header_names_the_gravest_and_not_everything() {
        assert_eq!(
            told(Some(&quality(30)))["report-lacks"].to_str().unwrap().matches("rule-").count(),
            MOST_LACKS
        );
    }
}
