//! A browser without scripts: it keeps a cookie, finds forms, and posts them with their tokens.

use reqwest::StatusCode;
use reqwest::blocking::{Client, RequestBuilder, Response, multipart};
use reqwest::redirect::Policy;

use crate::common::Running;

pub struct Browser {
    client: Client,
    pub origin: String,
    cookie: String,
}

/// A page as it was answered.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub location: Option<String>,
    pub body: String,
}

impl Page {
    /// The token of the form that posts to `action`.
    pub fn token(&self, action: &str) -> String {
        let form = self.body.split("<form ").find(|form| form.contains(&format!("action=\"{action}\"")));
        let form = form.unwrap_or_else(|| panic!("no form posts to {action}:\n{}", self.body));
        let (_, rest) = form.split_once("name=\"csrf\" value=\"").expect("a form has its token");
        rest.split('"').next().expect("a value ends").to_owned()
    }

    /// Every address that starts like this and stands in an attribute.
    pub fn addresses(&self, start: &str) -> Vec<String> {
        let all = self.body.split('"').filter(|part| part.starts_with(start));
        all.map(|part| part.replace("&amp;", "&")).collect()
    }
}

impl From<Response> for Page {
    fn from(response: Response) -> Self {
        let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        Self { status: response.status(), location, body: response.text().unwrap() }
    }
}

pub fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().expect("a client can be made")
}

impl Browser {
    /// Signs in as one of the demo's people.
    pub fn enter(house: &Running, word: &str) -> Self {
        let link = house.ready["sign_in"][word].as_str().expect("the demo has this person");
        let client = client();
        let (door, secret) = link.rsplit_once('/').unwrap();
        let origin = door.trim_end_matches("/enter").rsplit_once('/').unwrap().0.to_owned();
        let form = [("csrf", secret)];
        let entered = client.post(door).header("origin", &origin).form(&form).send().unwrap();
        assert_eq!(entered.status(), StatusCode::SEE_OTHER);
        let cookie = entered.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { client, origin, cookie }
    }

    /// The same browser without its session.
    pub fn stranger(&self) -> Self {
        Self { client: self.client.clone(), origin: self.origin.clone(), cookie: "none=1".to_owned() }
    }

    /// What the browser sends along to stay signed in.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    fn dressed(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("cookie", &self.cookie)
    }

    pub fn get(&self, path: &str) -> Page {
        self.dressed(self.client.get(format!("{}{path}", self.origin))).send().unwrap().into()
    }

    pub fn bytes(&self, path: &str) -> (StatusCode, Vec<u8>) {
        let answer = self.dressed(self.client.get(format!("{}{path}", self.origin))).send().unwrap();
        (answer.status(), answer.bytes().unwrap().to_vec())
    }

    /// Posts as a page of `origin` would.
    pub fn post_from(&self, origin: &str, path: &str, form: &[(&str, &str)]) -> Page {
        let request = self.client.post(format!("{}{path}", self.origin)).header("origin", origin);
        self.dressed(request).form(form).send().unwrap().into()
    }

    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        self.post_from(&self.origin, path, form)
    }

    /// Fills in the form of a page that posts to `action`, and follows where that leads.
    pub fn submit(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let token = page.token(action);
        let form: Vec<(&str, &str)> = [("csrf", token.as_str())].iter().chain(fields).copied().collect();
        let answered = self.post(action, &form);
        match &answered.location {
            Some(location) => self.get(location),
            None => answered,
        }
    }

    /// Sends a file with the form of a page.
    pub fn send_file(&self, page: &Page, action: &str, name: &str, bytes: Vec<u8>) -> Page {
        let file = multipart::Part::bytes(bytes).file_name(name.to_owned());
        let form = multipart::Form::new().text("csrf", page.token(action)).part("file", file);
        self.send_parts(action, form)
    }

    pub fn send_parts(&self, action: &str, form: multipart::Form) -> Page {
        let request = self.client.post(format!("{}{action}", self.origin)).header("origin", &self.origin);
        self.dressed(request).multipart(form).send().unwrap().into()
    }
}
