//! What stands between a request and a handler: who asks, whether what is asked has the described shape, and whether the
//! answer has it too.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body as Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use policy::Viewer;
use serde_json::{Map, Value};
use web::{Problem, ProblemKind};

use crate::describe::{Body, Content, Deprecation, Endpoint, Place, Reply};
use crate::router::AgencyApi;
use crate::schema::Schema;
use crate::{door, refuse};

/// The longest body that is read.
pub(crate) const MOST_BODY_BYTES: usize = 1 << 20;
const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// A request whose every part has the described shape.
pub(crate) struct Asked {
    pub api: AgencyApi,
    /// Who asks; nobody where anybody may.
    viewer: Option<Viewer>,
    params: BTreeMap<&'static str, Value>,
    /// The body, or nothing.
    pub body: Value,
    pub headers: HeaderMap,
    /// Digest of the certificate that the connection showed.
    pub shown: Option<[u8; 32]>,
}

impl Asked {
    /// The system that asks.
    ///
    /// # Errors
    /// Where nobody has to be known, nobody is.
    pub(crate) fn viewer(&self) -> Result<&Viewer, Problem> {
        self.viewer.as_ref().ok_or_else(|| Problem::new(ProblemKind::Unauthenticated))
    }

    /// A number of the address; `None` where it was left out.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.params.get(name).and_then(Value::as_u64)
    }

    /// A word of the address.
    pub(crate) fn word(&self, name: &str) -> Option<&str> {
        self.params.get(name).and_then(Value::as_str)
    }

    /// The report that the address names.
    ///
    /// # Errors
    /// "No such thing" for what is no number of a report.
    pub(crate) fn report(&self) -> Result<domain::ReportId, Problem> {
        let number = self.number("report").and_then(|number| domain::ReportId::try_from(number).ok());
        number.ok_or_else(|| Problem::new(ProblemKind::NotFound))
    }
}

/// Answers a request to an endpoint.
pub(crate) async fn answer(
    State((api, endpoint)): State<(AgencyApi, Arc<Endpoint>)>,
    request: Request,
) -> Response {
    let mut response = match asked(&api, &endpoint, request).await {
        Ok(asked) => replied(&api, &endpoint, asked).await.unwrap_or_else(Problem::into_response),
        Err(refused) => *refused,
    };
    if !is_described(&endpoint, response.status()) {
        tracing::error!(
            endpoint = endpoint.name,
            status = response.status().as_u16(),
            "an answer is not described"
        );
        debug_assert!(false, "{} answers {}, which is not described", endpoint.name, response.status());
    }
    if let Some(deprecated) = endpoint.deprecated {
        dated(response.headers_mut(), deprecated);
    }
    response
}

async fn replied(api: &AgencyApi, endpoint: &Endpoint, asked: Asked) -> Result<Response, Problem> {
    let viewer = asked.viewer.clone();
    let reply = (endpoint.handler)(asked).await?;
    if let (Some(list), Some(viewer), Some(bytes)) = (endpoint.list, viewer, reply.says()) {
        let noted = workspace::inbox::leave(&api.house, &viewer, list, bytes).await;
        noted.map_err(|trouble| refuse::problem(&api.house, &trouble))?;
    }
    Ok(given(api, endpoint, reply))
}

/// Bytes of JSON as it is sent.
pub(crate) fn weight(value: &Value) -> u64 {
    value.to_string().len() as u64
}

impl Reply {
    /// Bytes of an answer that says something; `None` for lists in which nothing stands.
    fn says(&self) -> Option<u64> {
        let (Self::Json(_, value) | Self::Allowed(value, _)) = self else { return None };
        let mut lists = value.as_object()?.values().filter_map(Value::as_array).peekable();
        let is_empty = lists.peek().is_some() && lists.all(Vec::is_empty);
        (!is_empty).then(|| weight(value))
    }
}

async fn asked(api: &AgencyApi, endpoint: &Endpoint, request: Request) -> Result<Asked, Box<Response>> {
    let (parts, body) = request.into_parts();
    let viewer = match endpoint.open {
        true => None,
        false => Some(door::viewer(api, &parts).await.map_err(told)?),
    };
    let params = params(endpoint, &parts).map_err(told)?;
    let body = match &endpoint.body {
        None => Value::Null,
        Some(described) => read(described, &parts.headers, body).await?,
    };
    let shown = door::shown(&parts.extensions);
    Ok(Asked { api: api.clone(), viewer, params, body, headers: parts.headers, shown })
}

fn told(problem: Problem) -> Box<Response> {
    Box::new(problem.into_response())
}

/// The parameters of the address. What is wrong in the path does not exist; what is wrong behind it is refused.
fn params(endpoint: &Endpoint, parts: &Parts) -> Result<BTreeMap<&'static str, Value>, Problem> {
    let mut found = BTreeMap::new();
    let (given, described) = (parts.uri.path().split('/'), endpoint.path.split('/'));
    for (given, named) in given.zip(described) {
        let Some(name) = named.strip_prefix('{').and_then(|name| name.strip_suffix('}')) else { continue };
        let param = endpoint.params.iter().find(|param| param.place == Place::Path && param.name == name);
        let value = param.and_then(|param| Some((param.name, param.schema.read(given, name).ok()?)));
        let (name, value) = value.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
        found.insert(name, value);
    }
    for (name, text) in pairs(parts.uri.query().unwrap_or_default())? {
        let param = endpoint.params.iter().find(|param| param.place == Place::Query && param.name == name);
        let param = param.ok_or_else(|| invalid(format!("there is no parameter {:?}", short(&name))))?;
        let value = param.schema.read(&text, param.name).map_err(invalid)?;
        if found.insert(param.name, value).is_some() {
            return Err(invalid(format!("{} stands there twice", param.name)));
        }
    }
    Ok(found)
}

fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

fn invalid(says: String) -> Problem {
    Problem::new(ProblemKind::InvalidRequest).detail(says)
}

/// The pairs of a query or a form.
fn pairs(text: &str) -> Result<Vec<(String, String)>, Problem> {
    let uri: http::Uri =
        format!("/?{text}").parse().map_err(|_| invalid("the fields cannot be read".to_owned()))?;
    let read = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri);
    read.map(|pairs| pairs.0).map_err(|_| invalid("the fields cannot be read".to_owned()))
}

async fn read(described: &Body, headers: &HeaderMap, body: Bytes) -> Result<Value, Box<Response>> {
    let wanted = match described {
        Body::Json(_) => "application/json",
        Body::Form(_) => "application/x-www-form-urlencoded",
    };
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !given.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted)) {
        let problem =
            Problem::new(ProblemKind::UnsupportedMedia).detail(format!("send the body as {wanted}"));
        return Err(told(problem));
    }
    let bytes = to_bytes(body, MOST_BODY_BYTES).await.map_err(|_| {
        told(
            Problem::new(ProblemKind::TooLarge)
                .detail(format!("the body is longer than {MOST_BODY_BYTES} bytes")),
        )
    })?;
    match described {
        Body::Json(schema) => json_of(schema, &bytes).map_err(told),
        Body::Form(schema) => {
            form_of(schema, &bytes).map_err(|says| Box::new(refuse::oauth("invalid_request", &says)))
        }
    }
}

fn json_of(schema: &Schema, bytes: &[u8]) -> Result<Value, Problem> {
    let value: Value =
        serde_json::from_slice(bytes).map_err(|fault| invalid(format!("the body is no JSON: {fault}")))?;
    schema.check(&value, "body").map_err(invalid)?;
    Ok(value)
}

fn form_of(schema: &Schema, bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the form is no text".to_owned())?;
    let mut fields = Map::new();
    for (name, value) in pairs(text).map_err(|_| "the form cannot be read".to_owned())? {
        if fields.insert(name, value.into()).is_some() {
            return Err("a field stands there twice".to_owned());
        }
    }
    let value = Value::Object(fields);
    schema.check(&value, "form")?;
    Ok(value)
}

fn given(api: &AgencyApi, endpoint: &Endpoint, reply: Reply) -> Response {
    let (status, value, allowed) = match reply {
        Reply::Whole(response) => return response,
        Reply::Json(status, value) => (status, value, None),
        Reply::Allowed(value, decided) => (StatusCode::OK, value, Some(decided)),
    };
    let described = endpoint.answers.iter().find(|answer| answer.status == status);
    let wrong = match described.map(|answer| &answer.content) {
        Some(Content::Json(schema)) => schema.check(&value, "answer").err(),
        _ => Some(format!("{status} has no shape")),
    };
    // The description is what clients were built from: what does not have its shape is ours to mend.
    if let Some(wrong) = wrong {
        debug_assert!(false, "{}: {wrong}", endpoint.name);
        let incident = pipeline::request_number(&api.house);
        tracing::error!(
            incident,
            endpoint = endpoint.name,
            wrong,
            "an answer has another shape than described"
        );
        return Problem::new(ProblemKind::Internal).incident(incident).into_response();
    }
    let response = (status, axum::Json(value)).into_response();
    match allowed {
        Some(decided) => web::allowed_by(response, decided),
        None => response,
    }
}

fn is_described(endpoint: &Endpoint, status: StatusCode) -> bool {
    let own = endpoint.answers.iter().any(|answer| answer.status == status);
    own || endpoint.all_problems().iter().any(|kind| kind.status() == status)
}

/// Says since when an endpoint is not to be used any more (RFC 9745), until when it answers (RFC 8594), and what takes its
/// place.
fn dated(headers: &mut HeaderMap, deprecated: Deprecation) {
    let said = [
        (DEPRECATION, format!("@{}", second(deprecated.since))),
        (SUNSET, http_date(deprecated.sunset)),
        (header::LINK, format!("<{}>; rel=\"successor-version\"", deprecated.instead)),
    ];
    for (name, text) in said {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
}

fn second(day: Date) -> i64 {
    day.to_zoned_datetime(TimeZone::UTC).map_or(0, |at| at.timestamp().as_second())
}

/// A day as HTTP writes it.
fn http_date(day: Date) -> String {
    day.to_zoned_datetime(TimeZone::UTC)
        .map(|at| at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_end_says_since_when_until_when_and_what_takes_its_place() {
        let mut headers = HeaderMap::new();
        let (since, sunset) = (Date::constant(2027, 1, 1), Date::constant(2028, 2, 29));
        dated(&mut headers, Deprecation { since, sunset, instead: "/agency/v2/feed" });
        assert_eq!(headers["deprecation"], "@1798761600");
        assert_eq!(headers["sunset"], "Tue, 29 Feb 2028 00:00:00 GMT");
        assert_eq!(headers["link"], "</agency/v2/feed>; rel=\"successor-version\"");
    }

    #[test]
    fn a_form_is_read_once_and_a_field_that_stands_there_twice_is_refused() {
        let schema =
            Schema::Object(vec![crate::describe::needed("a", "A.", Schema::Text(crate::form::NAME))]);
        assert_eq!(form_of(&schema, b"a=b%20c").unwrap()["a"], "b c");
        for wrong in [&b"a=1&a=2"[..], b"", b"b=1", b"a=\xff\xfe", b"a=%00"] {
            assert!(form_of(&schema, wrong).is_err(), "{wrong:?}");
        }
    }
}
