//! The addresses, and what answers at each.

use super::data::Data;
use super::failure::Failure;
use super::guard::{self, Guard};
use super::query::Query;
use super::{asked, assets, charts, openapi, parties};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

/// What comes before the name of every question.
pub(super) const PREFIX: &str = "/api/v1/";

/// The largest body that is read, in bytes.
const BODY: usize = 4096;
/// The longest that a body may take.
const BODY_TIME: Duration = Duration::from_secs(10);

/// An answer of some type.
pub(super) struct Answer {
    pub kind: &'static str,
    pub bytes: Vec<u8>,
    /// The name under which it is saved, where it is to be saved.
    pub file: Option<String>,
}

/// An answer in JSON.
pub(super) fn json(answer: &impl Serialize) -> Result<Answer, Failure> {
    let bytes =
        serde_json::to_vec(answer).map_err(|error| Failure::usage(format!("the answer cannot be written: {error}")))?;
    Ok(Answer { kind: "application/json; charset=utf-8", bytes, file: None })
}

/// A question: its name, what it is for, its parameters, and what answers it.
pub(super) struct Question {
    pub name: &'static str,
    pub summary: &'static str,
    pub parameters: &'static [&'static str],
    answer: fn(&Data, &Query) -> Result<Answer, Failure>,
}

const OF_PARTY: &[&str] = &["id", "as_of", "layer", "min_confidence"];

/// All questions.
pub(super) const QUESTIONS: [Question; 16] = [
    question("about", "What is loaded", &[], parties::about),
    question("search", "Entities that a text may mean", &["q", "limit"], parties::search),
    question("entity", "Everything that is stated of an entity", OF_PARTY, parties::entity),
    question("owners", "Who owns an entity", OF_PARTY, parties::owners),
    question("holdings", "What an entity holds", OF_PARTY, parties::holdings),
    question("controllers", "Who controls an entity", OF_PARTY, parties::controllers),
    question("timeline", "Everything dated about an entity", OF_PARTY, parties::timeline),
    question("days", "The days on which something changed around an entity", OF_PARTY, parties::days),
    question(
        "circular",
        "Entities that own one another in a circle",
        &["as_of", "layer", "min_confidence"],
        parties::circular,
    ),
    question(
        "paths",
        "The chains by which one entity holds another",
        &["from", "to", "limit", "as_of", "layer", "min_confidence"],
        parties::paths,
    ),
    question(
        "verdict",
        "Who is a beneficial owner under a rule of law",
        &["id", "rule", "as_of", "layer", "min_confidence"],
        parties::verdict,
    ),
    question(
        "evidence",
        "What is stated of a pair, and how its shares are computed",
        &["owner", "owned", "as_of", "layer", "min_confidence"],
        parties::evidence,
    ),
    question("chart", "A chart with its picture", &asked::PARAMETERS, charts::chart),
    question("table", "The table twin of a chart", &asked::PARAMETERS, charts::table_of),
    question("export", "A chart as a file", &asked::PARAMETERS, charts::export),
    question("openapi.json", "This description", &[], openapi::answer),
];

const fn question(
    name: &'static str,
    summary: &'static str,
    parameters: &'static [&'static str],
    answer: fn(&Data, &Query) -> Result<Answer, Failure>,
) -> Question {
    Question { name, summary, parameters, answer }
}

#[derive(Clone)]
struct Shared {
    data: Arc<Data>,
    guard: Arc<Guard>,
}

/// Everything that is answered.
pub(super) fn router(data: Arc<Data>, guard: Arc<Guard>) -> Router {
    let shared = Shared { data, guard };
    Router::new().fallback(answer).layer(middleware::from_fn_with_state(shared.clone(), guarded)).with_state(shared)
}

/// Nothing is looked at before it is known who asks; every answer carries the protecting headers.
async fn guarded(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = match shared.guard.admit(&request) {
        Ok(()) => next.run(request).await,
        Err(status) => Failure::new(status, "this server answers its own page only").into_response(),
    };
    guard::protect(&mut response);
    response
}

async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let result = match head.uri.path().strip_prefix(PREFIX) {
        Some("session") => session(&shared, &head, body).await,
        Some(name) => asked_for(shared, name, &head).await,
        None => asset(head.uri.path(), &head.method),
    };
    result.unwrap_or_else(IntoResponse::into_response)
}

fn asset(path: &str, method: &Method) -> Result<Response, Failure> {
    let missing = || Failure::new(StatusCode::NOT_FOUND, "there is nothing at this address");
    let (kind, bytes) = assets::find(path).filter(|_| method != Method::POST).ok_or_else(missing)?;
    Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

/// Exchanges the token for a cookie.
async fn session(shared: &Shared, head: &Parts, body: Body) -> Result<Response, Failure> {
    if head.method != Method::POST {
        return Err(Failure::new(StatusCode::METHOD_NOT_ALLOWED, "a session is begun with POST"));
    }
    let too_large = |_| Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
    let too_slow = |_| Failure::new(StatusCode::REQUEST_TIMEOUT, "the body took too long");
    let body = tokio::time::timeout(BODY_TIME, axum::body::to_bytes(body, BODY)).await.map_err(too_slow)?;
    let body = body.map_err(too_large)?;
    let body: serde_json::Value = serde_json::from_slice(&body).map_err(|_| Failure::usage("the body is not JSON"))?;
    let cookie = body["token"].as_str().and_then(|token| shared.guard.cookie_for(token));
    let cookie = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok());
    let refused = || Failure::new(StatusCode::UNAUTHORIZED, "this is not the token of this run");
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie.ok_or_else(refused)?)]).into_response())
}

async fn asked_for(shared: Shared, name: &str, head: &Parts) -> Result<Response, Failure> {
    if head.method == Method::POST {
        return Err(Failure::new(StatusCode::METHOD_NOT_ALLOWED, "questions are asked with GET"));
    }
    if !shared.guard.knows(&head.headers) {
        return Err(Failure::new(StatusCode::UNAUTHORIZED, "open the address that the program printed"));
    }
    let missing = || Failure::new(StatusCode::NOT_FOUND, "there is no such question");
    let question = QUESTIONS.iter().find(|question| question.name == name).ok_or_else(missing)?;
    let query = Query::read(head.uri.query(), question.parameters)?;
    // Dropped with this future, which ends where the connection does: nothing is computed for nobody.
    let _waiting = query.waiting();
    // Questions take a core each: they must not hold up the connections.
    let worked = tokio::task::spawn_blocking(move || (question.answer)(&shared.data, &query)).await;
    let failed =
        |_| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "the question could not be answered; please report it");
    let answer = worked.map_err(failed)??;
    let mut response = Body::from(answer.bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.kind));
    if let Some(file) =
        answer.file.and_then(|file| HeaderValue::from_str(&format!("attachment; filename=\"{file}\"")).ok())
    {
        headers.insert(header::CONTENT_DISPOSITION, file);
    }
    Ok(response)
}
