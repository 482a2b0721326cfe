//! Tokens for an hour, drawn with the agency's own secret (RFC 6749 4.4): what travels with every request is then worth
//! little to whoever finds it. They are kept nowhere: the house knows its own, and the secret that drew one must still be
//! good whenever it is shown.

use domain::{CredentialId, Id as _};
use http::{Method, StatusCode};
use jiff::Timestamp;
use pipeline::House;
use policy::Viewer;
use serde_json::json;
use workspace::Trouble;

use crate::describe::{Answered, Endpoint, Reply, maybe, needed};
use crate::endpoint::Asked;
use crate::schema::Schema;
use crate::{form, refuse};

/// What a drawn token begins with.
const MARK: &str = "at1.";
/// How long one is good.
const LASTS_SECONDS: i64 = 3_600;
const LABEL: &str = "agency-access-token/v1";

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let answer = Schema::Object(vec![
        needed("access_token", "Goes into `Authorization: Bearer`.", Schema::Text(form::SECRET)),
        needed("token_type", "How it is sent.", Schema::Word(vec!["Bearer"])),
        needed("expires_in", "Seconds for which it is good.", Schema::Whole(1, LASTS_SECONDS.unsigned_abs())),
    ]);
    let refused = Schema::Object(vec![
        needed("error", "The code of RFC 6749 5.2.", Schema::Word(vec!["invalid_request", "invalid_client"])),
        needed("error_description", "The same in words.", Schema::Text(form::WORDS)),
    ]);
    let draw = Endpoint::new((Method::POST, "/agency/v1/token"), "drawToken", "Draws a token for an hour.", draw)
        .more("OAuth 2 client credentials (RFC 6749 4.4). The client's name is that of the agency, its secret the token \
               that the clearinghouse issued; both go into the form or into HTTP Basic.")
        .for_anybody()
        .takes_form(vec![
            needed("grant_type", "The one kind there is.", Schema::Word(vec!["client_credentials"])),
            maybe("client_id", "The agency.", Schema::Text(form::SECRET)),
            maybe("client_secret", "The token that the clearinghouse issued.", Schema::Text(form::SECRET)),
            maybe("scope", "Is not looked at: a token may what its agency's systems may.", Schema::Text(form::NAME)),
        ])
        .answers(StatusCode::OK, "The token.", answer)
        .answers(StatusCode::BAD_REQUEST, "The form is not as described.", refused.clone())
        .answers(StatusCode::UNAUTHORIZED, "The name or the secret is wrong.", refused);
    vec![draw]
}

/// `POST /agency/v1/token`.
async fn draw(asked: Asked) -> Answered {
    let given = |name: &str| asked.body[name].as_str().map(str::to_owned);
    let basic = web::basic_credentials(&asked.headers).map(|basic| (basic.username, basic.secret));
    let form = given("client_id").zip(given("client_secret"));
    let house = &asked.api.house;
    let wrong =
        || Ok(Reply::Whole(refuse::oauth("invalid_client", "the name or the secret of the client is wrong")));
    let Some((name, secret)) = basic.or(form) else { return wrong() };
    let Ok(viewer) = pipeline::viewer_of_token(house, &secret, asked.shown).await else { return wrong() };
    let Some(credential) = credential(&viewer) else { return wrong() };
    let is_its_name = viewer.agency.as_ref().is_some_and(|agency| agency.as_str() == name);
    if !is_its_name && credential.as_str() != name {
        return wrong();
    }
    let ends = house.now().as_second().saturating_add(LASTS_SECONDS);
    let token = format!("{MARK}{credential}.{ends}.{}", stamp(house, credential, ends));
    let answer = json!({ "access_token": token, "token_type": "Bearer", "expires_in": LASTS_SECONDS });
    Ok(Reply::Json(StatusCode::OK, answer))
}

fn credential(viewer: &Viewer) -> Option<&CredentialId> {
    match &viewer.actor {
        domain::Actor::AgencyClient { credential, .. } => Some(credential),
        _ => None,
    }
}

fn stamp(house: &House, credential: &CredentialId, ends: i64) -> String {
    seal::hex(&house.secret_digest(format!("{LABEL}\n{credential}\n{ends}").as_bytes()))
}

/// Whether a token is one that was drawn.
pub(crate) fn is_drawn(token: &str) -> bool {
    token.starts_with(MARK)
}

/// The system behind a drawn token.
///
/// # Errors
/// "No such thing" for one that is not ours, is over, or whose secret was taken back.
pub(crate) async fn viewer(house: &House, token: &str, shown: Option<[u8; 32]>) -> Result<Viewer, Trouble> {
    let absent = || pipeline::no_such_thing();
    let mut parts = token.strip_prefix(MARK).ok_or_else(absent)?.rsplitn(3, '.');
    let (Some(given), Some(ends), Some(credential)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(absent());
    };
    let credential = CredentialId::parse(credential).map_err(|_| absent())?;
    let ends: i64 = ends.parse().map_err(|_| absent())?;
    // Both are digests under the house's key, so that comparing them tells nothing about it.
    let is_ours = house.secret_digest(given.as_bytes())
        == house.secret_digest(stamp(house, &credential, ends).as_bytes());
    let is_over = Timestamp::from_second(ends).map_or(true, |ends| ends <= house.now());
    if !is_ours || is_over {
        return Err(absent());
    }
    pipeline::viewer_of_client(house, credential, shown).await
}
