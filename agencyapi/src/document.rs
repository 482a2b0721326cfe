//! The OpenAPI document, from the descriptions and from nothing else.

use std::sync::LazyLock;

use axum::response::IntoResponse as _;
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};
use web::ProblemKind;

use crate::describe::{Answered, Body, Content, Endpoint, Place, Reply};
use crate::endpoint::Asked;
use crate::router;
use crate::schema::Schema;

/// The version of the contract: the first number is that of the address, the second grows with every addition.
pub(crate) const VERSION: &str = "1.1";
const PROBLEM_TYPE: &str = "application/problem+json";

const SAYS: &str = "What an agency's own systems pull and push. Errors are problem documents (RFC 9457) with a stable \
     `code`. Within `/agency/v1` members, endpoints and words of closed lists are added, and nothing is taken away: \
     clients pass over what they do not know. What is to end says so in the headers `Deprecation` and `Sunset` for at \
     least a year before it does.";

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| of(&router::endpoints()));

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let read = Endpoint::new((Method::GET, "/agency/v1/openapi.json"), "readOpenApi", "This document.", read)
        .for_anybody()
        .answers(StatusCode::OK, "OpenAPI 3.1.", Schema::Foreign("An OpenAPI 3.1 document."));
    vec![read]
}

/// `GET /agency/v1/openapi.json`.
async fn read(_: Asked) -> Answered {
    Ok(Reply::Whole(axum::Json(&*DOCUMENT).into_response()))
}

/// The document of these endpoints.
pub(crate) fn of(endpoints: &[Endpoint]) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for one in endpoints {
        let line = paths.entry(one.path).or_insert_with(|| json!({}));
        line[one.method.as_str().to_ascii_lowercase()] = operation(one);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Clearinghouse: the agency API", "version": VERSION, "description": SAYS,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" } },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }, { "client": [] }],
        "paths": paths,
        "components": {
            "schemas": { "Problem": problem() },
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer",
                    "description": "The token that the clearinghouse issued to the agency." },
                "certificate": { "type": "mutualTLS",
                    "description": "Besides the token, where it was issued for a certificate: it opens nothing without it." },
                "client": { "type": "oauth2", "description": "The same token as the secret of a client.",
                    "flows": { "clientCredentials": { "tokenUrl": "/agency/v1/token", "scopes": {} } } },
            },
        },
    })
}

fn operation(one: &Endpoint) -> Value {
    let mut operation = json!({ "operationId": one.name, "summary": one.says, "responses": responses(one) });
    if !one.more.is_empty() {
        operation["description"] = one.more.into();
    }
    let params: Vec<Value> = one.params.iter().map(|param| {
        let place = if param.place == Place::Path { "path" } else { "query" };
        json!({ "name": param.name, "in": place, "required": param.place == Place::Path, "description": param.says,
            "schema": param.schema.document() })
    }).collect();
    if !params.is_empty() {
        operation["parameters"] = params.into();
    }
    if let Some(body) = &one.body {
        let (kind, schema) = match body {
            Body::Json(schema) => ("application/json", schema),
            Body::Form(schema) => ("application/x-www-form-urlencoded", schema),
        };
        operation["requestBody"] =
            json!({ "required": true, "content": { kind: { "schema": schema.document() } } });
    }
    if one.open {
        operation["security"] = json!([]);
    }
    if let Some(deprecated) = one.deprecated {
        operation["deprecated"] = true.into();
        operation["description"] = format!(
            "{} Deprecated since {}, ends on {}; use `{}`.",
            one.more, deprecated.since, deprecated.sunset, deprecated.instead
        )
        .trim_start()
        .into();
    }
    operation
}

/// Every answer: those of its own, and the problems. Two problems with one status stand together.
fn responses(one: &Endpoint) -> Value {
    let mut responses: Map<String, Value> = Map::new();
    for answer in &one.answers {
        let response =
            responses.entry(answer.status.as_u16().to_string()).or_insert_with(|| json!({ "content": {} }));
        response["description"] = answer.says.into();
        match &answer.content {
            Content::Json(schema) => {
                response["content"]["application/json"] = json!({ "schema": schema.document() })
            }
            Content::Bytes(kinds) => {
                for kind in *kinds {
                    response["content"][*kind] = json!({});
                }
            }
        }
    }
    for kind in one.all_problems() {
        let status = kind.status().as_u16().to_string();
        let response = responses.entry(status).or_insert_with(|| json!({ "content": {} }));
        let says = response
            .get("description")
            .and_then(Value::as_str)
            .map_or_else(String::new, |says| format!("{says} "));
        response["description"] = format!("{says}`{}`: {}.", kind.code(), kind.title()).into();
        response["content"][PROBLEM_TYPE] = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
    }
    Value::Object(responses)
}

fn problem() -> Value {
    let codes: Vec<&str> = ProblemKind::ALL.iter().map(|kind| kind.code()).collect();
    json!({
        "type": "object",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": { "type": "string", "format": "uri", "description": "The code as an address of its own." },
            "title": { "type": "string", "description": "The code in words." },
            "status": { "type": "integer", "description": "The status of the answer." },
            "code": { "type": "string", "enum": codes, "description": "Stable: decide by it." },
            "detail": { "type": "string", "description": "What is wrong, where, and what to do." },
            "incident": { "type": "string", "description": "The number under which a fault of ours was logged." },
        },
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;
    use crate::describe::Deprecation;

    #[test]
    fn the_document_has_every_endpoint_with_its_answers_and_its_problems() {
        let document = of(&router::endpoints());
        assert_eq!(document["openapi"], "3.1.0");
        for one in router::endpoints() {
            let operation = &document["paths"][one.path][one.method.as_str().to_ascii_lowercase()];
            assert_eq!(operation["operationId"], one.name);
            let responses = operation["responses"].as_object().unwrap();
            let kinds = one.all_problems();
            let statuses =
                one.answers.iter().map(|answer| answer.status).chain(kinds.iter().map(|kind| kind.status()));
            for status in statuses {
                assert!(
                    responses[&status.as_u16().to_string()]["description"].is_string(),
                    "{} {status}",
                    one.name
                );
            }
            assert_eq!(operation["security"].is_array(), one.open, "{}", one.name);
        }
    }

    #[test]
    fn what_is_to_end_says_so_in_the_document() {
        let (since, sunset) = (Date::constant(2027, 1, 1), Date::constant(2028, 1, 1));
        let ending =
            router::endpoints().remove(1).ends(Deprecation { since, sunset, instead: "/agency/v2/feed" });
        let (path, document) = (ending.path, of(std::slice::from_ref(&ending)));
        assert_eq!(document["paths"][path]["get"]["deprecated"], true);
        let says = document["paths"][path]["get"]["description"].as_str().unwrap();
        assert!(says.contains("ends on 2028-01-01; use `/agency/v2/feed`"), "{says}");
    }
}
