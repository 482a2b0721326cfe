//! Webhooks: the agency's system is told that there is something new, and reads the feed.

use herald::webhooks::{self, Behind, Fault, MOST, MOST_AGAIN, Webhook};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use web::{Problem, ProblemKind};

use crate::describe::{Answered, Endpoint, Reply, maybe, needed};
use crate::endpoint::Asked;
use crate::schema::Schema;
use crate::{form, refuse};

const PATH: &str = "/agency/v1/webhooks";
const ONE: &str = "/agency/v1/webhooks/{webhook}";

const MORE: &str = "A call is a POST of `{\"type\":\"feed.advanced\",\"timestamp\":…,\"data\":{\"feed\":\"/agency/v1/feed\"}}`: it \
     says that there is something and never what. Whoever gets it reads the feed, and the list of referrals, from the \
     last cursor of each; so a call that was lost loses nothing, and everything is there again by asking them. Calls are \
     signed in the manner of Standard Webhooks: `webhook-signature` holds `v1,` and the base64 of HMAC-SHA-256 over \
     `webhook-id.webhook-timestamp.body`, under the bytes that the secret encodes. Any 2xx takes it; 410 takes the webhook \
     away; everything else, redirects included, is tried again after five seconds, twice as long each time, at most an \
     hour, without end.";

const AGAIN: &str = "Says again, the earliest first and one a second, what the receiver was told since a moment, or of places of the \
     feed behind a cursor: exactly one of both. Each call has the `webhook-id` that it had the first time, and another \
     timestamp and signature; what is new is told in between. Calls are remembered for 30 days, and at most 500 are said again \
     for one asking: where there are `more`, ask again behind `through`. The same asked again while that is not done changes \
     nothing and answers what is left; anything else takes its place, but what lies behind its end is a conflict until then. No call has to be heard again for the feed to be whole.";

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let list = Endpoint::new((Method::GET, PATH), "listWebhooks", "The agency's webhooks.", list)
        .lists("webhooks")
        .answers(
            StatusCode::OK,
            "All of them.",
            Schema::Object(vec![needed(
                "webhooks",
                "The earliest first.",
                Schema::list(shape(), MOST as usize),
            )]),
        );
    let add = Endpoint::new((Method::POST, PATH), "addWebhook", "Adds a webhook.", add)
        .more(MORE)
        .takes(vec![needed("url", "Where it leads: https, on the public internet.", Schema::Text(form::URL))])
        .may(&[ProblemKind::Conflict])
        .answers(StatusCode::CREATED, "Its secret is shown this once.", with_secret());
    let remove = one(Method::DELETE, ONE, "removeWebhook", "Takes a webhook away.", remove);
    let test = one(
        Method::POST,
        "/agency/v1/webhooks/{webhook}/test",
        "testWebhook",
        "Asks for a call at once.",
        test,
    );
    let rotate = Endpoint::new(
        (Method::POST, "/agency/v1/webhooks/{webhook}/secret"),
        "rotateWebhookSecret",
        "Draws another secret.",
        rotate,
    )
    .more("The present one signs too for a day, so that the receiver can change over without a gap.")
    .path("webhook", "Its name.", Schema::Text(form::ID))
    .answers(StatusCode::OK, "The secret is shown this once.", with_secret());
    vec![list, add, remove, test, rotate, replayed()]
}

fn replayed() -> Endpoint {
    let answer = Schema::Object(vec![
        needed("webhook", "Its name.", Schema::Text(form::ID)),
        needed("calls", "So many calls.", Schema::Whole(0, u64::from(MOST_AGAIN))),
        needed("through", "The cursor up to which they told.", Schema::Text(form::CURSOR)),
        needed("more", "Whether there is more behind it.", Schema::Flag),
    ]);
    let path = "/agency/v1/webhooks/{webhook}/replay";
    Endpoint::new((Method::POST, path), "replayWebhook", "Has earlier calls made again.", replay)
        .more(AGAIN)
        .path("webhook", "Its name.", Schema::Text(form::ID))
        .takes_one_of(vec![
            maybe("since", "What was first said at this moment or later.", Schema::Text(form::MOMENT)),
            maybe("after", "What told of places behind this cursor.", Schema::Text(form::CURSOR)),
        ])
        .may(&[ProblemKind::Conflict])
        .answers(StatusCode::OK, "It will be said again.", answer)
}

fn one<F>(
    method: Method,
    path: &'static str,
    name: &'static str,
    says: &'static str,
    handler: fn(Asked) -> F,
) -> Endpoint
where
    F: Future<Output = Answered> + Send + 'static,
{
    let done = Schema::Object(vec![needed("webhook", "Its name.", Schema::Text(form::ID))]);
    Endpoint::new((method, path), name, says, handler)
        .path("webhook", "Its name.", Schema::Text(form::ID))
        .answers(StatusCode::OK, "It is done.", done)
}

fn shape() -> Schema {
    let moment = || Schema::Text(form::MOMENT).or_nothing();
    Schema::Object(vec![
        needed("webhook", "Its name.", Schema::Text(form::ID)),
        needed("url", "Where it leads.", Schema::Text(form::WORDS)),
        needed("addedAt", "When it was added.", Schema::Text(form::MOMENT)),
        needed(
            "told",
            "The cursor of the feed up to which its receiver was told.",
            Schema::Text(form::CURSOR),
        ),
        needed("failingSince", "Since when no call was taken.", moment()),
        needed("attempts", "Calls since the last one that was taken.", form::COUNT),
        needed("lastAt", "The last call.", moment()),
        needed("lastAnswer", "What came of it.", Schema::Text(form::WORDS).or_nothing()),
        needed("formerSecretUntil", "Until when the secret before this one signs too.", moment()),
    ])
}

fn with_secret() -> Schema {
    Schema::Object(vec![
        needed("webhook", "Its name.", Schema::Text(form::ID)),
        needed("secret", "What signs, as `whsec_` and base64.", Schema::Text(form::SECRET)),
    ])
}

fn shown(one: &Webhook) -> Value {
    json!({
        "webhook": one.id, "url": one.url.reveal(), "addedAt": one.added_at, "told": one.told.to_string(),
        "failingSince": one.failing_since, "attempts": one.attempts, "lastAt": one.last_at,
        "lastAnswer": one.last_answer, "formerSecretUntil": one.former_until,
    })
}

/// `GET /agency/v1/webhooks`.
async fn list(asked: Asked) -> Answered {
    let house = &asked.api.house;
    let found =
        webhooks::list(house, asked.viewer()?).await.map_err(|trouble| refuse::problem(house, &trouble))?;
    let all: Vec<Value> = found.iter().map(shown).collect();
    Ok(Reply::Json(StatusCode::OK, json!({ "webhooks": all })))
}

/// `POST /agency/v1/webhooks`.
async fn add(asked: Asked) -> Answered {
    let (house, reach) = (&asked.api.house, &asked.api.reach);
    let url = asked.body["url"].as_str().unwrap_or_default();
    match webhooks::add(house, reach, asked.viewer()?, url).await {
        Ok((id, secret)) => {
            Ok(Reply::Json(StatusCode::CREATED, json!({ "webhook": id, "secret": secret.reveal() })))
        }
        Err(Fault::Address(wrong)) => Err(Problem::new(ProblemKind::Conflict).detail(wrong.to_string())),
        Err(Fault::Trouble(trouble)) => {
            let problem = refuse::problem(house, &trouble);
            let full = trouble.refusal().is_some_and(|refusal| refusal.code() == "conflict");
            Err(if full {
                problem.detail(format!("there are {MOST} already, as many as may be"))
            } else {
                problem
            })
        }
    }
}

/// `DELETE /agency/v1/webhooks/{webhook}`.
async fn remove(asked: Asked) -> Answered {
    let (house, id) = (&asked.api.house, named(&asked));
    let removed = webhooks::remove(house, asked.viewer()?, id.clone()).await;
    removed.map(|()| done(&id)).map_err(|trouble| refuse::problem(house, &trouble))
}

/// `POST /agency/v1/webhooks/{webhook}/test`.
async fn test(asked: Asked) -> Answered {
    let (house, id) = (&asked.api.house, named(&asked));
    let tested = webhooks::test(house, asked.viewer()?, id.clone()).await;
    tested.map(|()| done(&id)).map_err(|trouble| refuse::problem(house, &trouble))
}

/// `POST /agency/v1/webhooks/{webhook}/replay`.
async fn replay(asked: Asked) -> Answered {
    let (house, id) = (&asked.api.house, named(&asked));
    let since = asked.body["since"].as_str().and_then(|since| since.parse().ok());
    // A cursor that no number holds lies behind everything.
    let after = asked.body["after"].as_str().map(|after| after.parse().unwrap_or(u64::MAX));
    let from = since.map_or_else(|| Behind::Cursor(after.unwrap_or_default()), Behind::Moment);
    let again = webhooks::replay(house, asked.viewer()?, id.clone(), from).await;
    let again = again.map_err(|trouble| refuse::problem(house, &trouble))?;
    let told = json!({
        "webhook": id, "calls": again.calls, "through": again.through.to_string(), "more": again.is_more,
    });
    Ok(Reply::Json(StatusCode::OK, told))
}

/// `POST /agency/v1/webhooks/{webhook}/secret`.
async fn rotate(asked: Asked) -> Answered {
    let (house, id) = (&asked.api.house, named(&asked));
    let secret = webhooks::rotate(house, asked.viewer()?, id.clone()).await;
    let secret = secret.map_err(|trouble| refuse::problem(house, &trouble))?;
    Ok(Reply::Json(StatusCode::OK, json!({ "webhook": id, "secret": secret.reveal() })))
}

fn named(asked: &Asked) -> String {
    asked.word("webhook").unwrap_or_default().to_owned()
}

fn done(id: &str) -> Reply {
    Reply::Json(StatusCode::OK, json!({ "webhook": id }))
}
