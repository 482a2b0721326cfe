//! The package: streamed, sealed to the agency's keys where it has any.

use axum::response::Response;
use http::Method;
use pipeline::package::{Download, Fault, Seal};
use web::{Problem, ProblemKind};
use workspace::presence::Watch;

use crate::describe::{Answered, Endpoint, Reply};
use crate::endpoint::Asked;
use crate::schema::Schema;
use crate::{form, refuse};

const TYPES: &[&str] = &["application/zip", "application/octet-stream"];

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let take = Endpoint::new(
        (Method::GET, "/agency/v1/reports/{report}/package"),
        "takePackage",
        "Everything of a report as one archive.",
        package,
    )
    .more("A zip, or an envelope of octets that only the agency's own keys open. The same delivery always makes the \
           same bytes. An answer that breaks off is not whole: ask again.")
    .path("report", "Its number.", form::NUMBER)
    .query(
        "sealed",
        "`yes` takes it sealed or not at all; `no` is refused while a key of the agency lives. Where nothing is said it \
         is sealed to the keys that live.",
        Schema::Word(vec!["yes", "no"]),
    )
    .may(&[ProblemKind::Gone, ProblemKind::Conflict])
    .answers_bytes("The package.", TYPES);
    vec![take]
}

/// `GET /agency/v1/reports/{report}/package`.
async fn package(asked: Asked) -> Answered {
    let wish = match asked.word("sealed") {
        None => Seal::WhereKeysLive,
        Some("yes") => Seal::Always,
        Some(_) => Seal::Never,
    };
    let (house, viewer, report) = (&asked.api.house, asked.viewer()?, asked.report()?);
    match pipeline::package::take_as(house, viewer, report, wish).await {
        Ok(taken) => {
            let answer = streamed(taken, Watch::over(house, viewer, report));
            Ok(Reply::Whole(web::allowed_by(answer, pipeline::allowed(viewer).take)))
        }
        Err(fault @ (Fault::MustBeSealed | Fault::NoKey)) => {
            Err(Problem::new(ProblemKind::Conflict).detail(fault.to_string()))
        }
        Err(Fault::Trouble(trouble)) => Err(refuse::problem(house, &trouble)),
        Err(fault) => Err(refuse::internal(house, &fault)),
    }
}

fn streamed(download: Download, watch: Watch) -> Response {
    let (name, content_type) = (download.name().to_owned(), download.content_type());
    web::download((&name, content_type), Box::new((download, watch)), |mut pair| async {
        let (download, watch) = &mut *pair;
        let piece = watch.next(download.next()).await;
        (pair, piece)
    })
}
