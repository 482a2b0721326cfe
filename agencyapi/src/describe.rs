//! How endpoints are described: one after the other, in words that are almost those of the document.

use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use http::{Method, StatusCode};
use jiff::civil::Date;
use pipeline::{Denial, Why};
use web::{Problem, ProblemKind};

use crate::endpoint::Asked;
use crate::schema::{Member, Schema};

/// What a handler answers.
pub(crate) type Answered = Result<Reply, Problem>;

/// An answer that is no problem.
pub(crate) enum Reply {
    /// JSON of the described shape.
    Json(StatusCode, serde_json::Value),
    /// The same, with the policy that allowed it in a header.
    Allowed(serde_json::Value, Result<&'static Why, Denial>),
    /// Something else, already whole.
    Whole(axum::response::Response),
}

type Handler = Arc<dyn Fn(Asked) -> BoxFuture<'static, Answered> + Send + Sync>;

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
}

/// A parameter of an address.
#[derive(Debug, Clone)]
pub(crate) struct Param {
    pub place: Place,
    pub name: &'static str,
    pub says: &'static str,
    pub schema: Schema,
}

/// What comes with a request.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// JSON of a shape.
    Json(Schema),
    /// The fields of a form.
    Form(Schema),
}

/// An answer that the document names.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub says: &'static str,
    pub content: Content,
}

/// What is in an answer.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    Json(Schema),
    /// Bytes of one of these types.
    Bytes(&'static [&'static str]),
}

/// From when on an endpoint is not to be used any more, until when it answers, and what takes its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deprecation {
    pub since: Date,
    pub sunset: Date,
    pub instead: &'static str,
}

/// One endpoint.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub method: Method,
    pub path: &'static str,
    pub name: &'static str,
    pub says: &'static str,
    pub more: &'static str,
    pub params: Vec<Param>,
    pub body: Option<Body>,
    pub answers: Vec<Answer>,
    pub problems: Vec<ProblemKind>,
    /// Whether it is asked without a token.
    pub open: bool,
    pub deprecated: Option<Deprecation>,
    /// Name of the list that its answers are, where nothing else records that they leave.
    pub list: Option<&'static str>,
    /// What whoever asks in another manner is told: that people do it, and where.
    pub by_people: Option<&'static str>,
    pub handler: Handler,
}

impl Endpoint {
    /// An endpoint with its name, which is the operation's id, and one sentence.
    pub(crate) fn new<F>(
        (method, path): (Method, &'static str),
        name: &'static str,
        says: &'static str,
        handler: fn(Asked) -> F,
    ) -> Self
    where
        F: Future<Output = Answered> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |asked| Box::pin(handler(asked)));
        Self {
            method,
            path,
            name,
            says,
            more: "",
            params: Vec::new(),
            body: None,
            answers: Vec::new(),
            problems: Vec::new(),
            open: false,
            deprecated: None,
            list: None,
            by_people: None,
            handler,
        }
    }

    /// Says more than a sentence.
    pub(crate) const fn more(mut self, more: &'static str) -> Self {
        self.more = more;
        self
    }

    /// Its answers are this list of what the agency has: each is recorded before it leaves, with its bytes. An empty one
    /// says nothing, and nothing is recorded of it.
    pub(crate) const fn lists(mut self, name: &'static str) -> Self {
        self.list = Some(name);
        self
    }

    /// Whatever else could be done there is for people, as these words say.
    pub(crate) const fn by_people(mut self, says: &'static str) -> Self {
        self.by_people = Some(says);
        self
    }

    /// A part of the address. Every one of them can name something that is not there.
    pub(crate) fn path(self, name: &'static str, says: &'static str, schema: Schema) -> Self {
        self.param(Param { place: Place::Path, name, says, schema }).may(&[ProblemKind::NotFound])
    }

    /// A parameter behind the question mark, which may be left out.
    pub(crate) fn query(self, name: &'static str, says: &'static str, schema: Schema) -> Self {
        self.param(Param { place: Place::Query, name, says, schema })
    }

    fn param(mut self, param: Param) -> Self {
        self.params.push(param);
        self
    }

    /// The body that it takes.
    pub(crate) fn takes(mut self, members: Vec<Member>) -> Self {
        self.body = Some(Body::Json(Schema::Object(members)));
        self
    }

    /// The body that it takes, which says one of these.
    pub(crate) fn takes_one_of(mut self, members: Vec<Member>) -> Self {
        self.body = Some(Body::Json(Schema::OneOf(members)));
        self
    }

    /// The form that it takes.
    pub(crate) fn takes_form(mut self, members: Vec<Member>) -> Self {
        self.body = Some(Body::Form(Schema::Object(members)));
        self
    }

    /// An answer in JSON.
    pub(crate) fn answers(self, status: StatusCode, says: &'static str, schema: Schema) -> Self {
        self.answer(Answer { status, says, content: Content::Json(schema) })
    }

    /// An answer in bytes.
    pub(crate) fn answers_bytes(self, says: &'static str, types: &'static [&'static str]) -> Self {
        self.answer(Answer { status: StatusCode::OK, says, content: Content::Bytes(types) })
    }

    fn answer(mut self, answer: Answer) -> Self {
        self.answers.push(answer);
        self
    }

    /// Problems that it may answer, besides those that every endpoint has.
    pub(crate) fn may(mut self, kinds: &[ProblemKind]) -> Self {
        for kind in kinds {
            if !self.problems.contains(kind) {
                self.problems.push(*kind);
            }
        }
        self
    }

    /// Without a token.
    pub(crate) const fn for_anybody(mut self) -> Self {
        self.open = true;
        self
    }

    /// It is not to be used any more.
    #[cfg_attr(not(test), expect(dead_code, reason = "nothing of the first version is to end yet"))]
    pub(crate) const fn ends(mut self, deprecation: Deprecation) -> Self {
        self.deprecated = Some(deprecation);
        self
    }

    /// Every kind of problem that it may answer.
    pub(crate) fn all_problems(&self) -> Vec<ProblemKind> {
        let mut all = self.problems.clone();
        let mut also = |kinds: &[ProblemKind]| all.extend_from_slice(kinds);
        // Also for what the address has behind the question mark and the document does not name.
        also(&[ProblemKind::InvalidRequest, ProblemKind::Internal, ProblemKind::Unavailable]);
        if !self.open {
            also(&[ProblemKind::Unauthenticated, ProblemKind::Forbidden]);
        }
        if self.body.is_some() {
            also(&[ProblemKind::TooLarge, ProblemKind::UnsupportedMedia]);
        }
        all.sort_by_key(|kind| (kind.status().as_u16(), kind.code()));
        all.dedup();
        all
    }
}

/// A member that is always there.
pub(crate) const fn needed(name: &'static str, says: &'static str, schema: Schema) -> Member {
    Member { name, says, schema, required: true }
}

/// A member that may be left out.
pub(crate) const fn maybe(name: &'static str, says: &'static str, schema: Schema) -> Member {
    Member { name, says, schema, required: false }
}

/// Every word of a closed list.
pub(crate) fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Schema {
    Schema::Word(all.iter().map(|one| word(*one)).collect())
}
