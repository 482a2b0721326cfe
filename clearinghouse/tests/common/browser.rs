//! Somebody of the demo with a session, who follows forms as a browser without script does.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;

use crate::common::Running;

/// Events of a test come sooner; a test that hangs fails here.
const WATCHED: Duration = Duration::from_secs(120);

/// A session.
pub struct Browser {
    client: Client,
    base: String,
    cookie: String,
}

impl Browser {
    /// Enters with the one-click link of that word.
    pub fn enter(house: &Running, word: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().expect("a client is made");
        let link = house.ready["sign_in"][word].as_str().expect("there is a link");
        let (door, secret) = link.rsplit_once('/').expect("a link has a secret");
        let base = door.split('/').take(3).collect::<Vec<_>>().join("/");
        let entered = client.post(door).header("origin", &base).form(&[("csrf", secret)]).send();
        let entered = entered.expect("the door answers");
        let cookie = entered.headers()["set-cookie"].to_str().expect("a cookie is text");
        let cookie = cookie.split(';').next().expect("it has a value").to_owned();
        Self { client, base, cookie }
    }

    /// Asks for a page, whatever the answer.
    pub fn ask(&self, path: &str) -> Response {
        let asked = self.client.get(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        asked.send().expect("the house answers")
    }

    /// Listens to events, however long they last; `last` is the id of the one that was heard last.
    pub fn watch(&self, path: &str, last: Option<&str>) -> Response {
        let asked = self.client.get(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        let asked = asked.header("accept", "text/event-stream").timeout(WATCHED);
        let asked = last.iter().fold(asked, |asked, last| asked.header("last-event-id", *last));
        asked.send().expect("the house answers")
    }

    /// A page that is there.
    pub fn get(&self, path: &str) -> String {
        let answer = self.ask(path);
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().expect("a page is text")
    }

    /// Sends the form of `page` whose action ends so, with these answers and with what it holds already.
    pub fn post(&self, page: &str, action: &str, answers: &[(&str, &str)]) -> Response {
        let address = |form: &str| form.split("action=\"").nth(1)?.split('"').next().map(str::to_owned);
        let forms = page.split("<form").skip(1).filter_map(|form| form.split("</form>").next());
        let mut found = forms.filter_map(|form| Some((form, address(form)?)));
        let (form, path) =
            found.find(|(_, path)| path.ends_with(action)).expect("the page has a form that leads there");
        let hidden = form.split("<input type=\"hidden\" name=\"").skip(1).filter_map(|field| {
            let (name, rest) = field.split_once("\" value=\"")?;
            Some((name, rest.split('"').next()?))
        });
        let fields: Vec<_> = hidden.chain(answers.iter().copied()).collect();
        let url = format!("{}{path}", self.base);
        let sent = self.client.post(url).header("cookie", &self.cookie).header("origin", &self.base);
        sent.form(&fields).send().expect("the house answers")
    }

    /// Without a session.
    pub fn stranger(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.base)).send().expect("the house answers")
    }
}
