//! The description of the questions in OpenAPI 3.1, made from the table that answers them.

use super::api::{Answer, PREFIX, QUESTIONS, Question, json};
use super::data::Data;
use super::failure::Failure;
use super::query::Query;
use serde_json::{Map, Value, json as object};

/// Parameters that may stand several times.
const REPEATED: [&str; 5] = ["listed", "hide", "expand_owners", "expand_holdings", "keep"];

pub(super) fn answer(_: &Data, _: &Query) -> Result<Answer, Failure> {
    json(&description())
}

fn description() -> Value {
    let paths: Map<String, Value> =
        QUESTIONS.iter().map(|question| (format!("{PREFIX}{}", question.name), path(question))).collect();
    object!({
        "openapi": "3.1.0",
        "info": {"title": "cuibono", "version": env!("CARGO_PKG_VERSION")},
        "paths": paths,
        "components": {"schemas": {"Error": {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}}},
    })
}

fn path(question: &Question) -> Value {
    let parameters: Vec<Value> = question
        .parameters
        .iter()
        .map(|name| {
            let text = object!({"type": "string"});
            let schema = if REPEATED.contains(name) { object!({"type": "array", "items": text}) } else { text };
            object!({"name": name, "in": "query", "required": false, "schema": schema})
        })
        .collect();
    let refused = object!({
        "description": "Why there is no answer",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    });
    object!({"get": {
        "operationId": question.name,
        "summary": question.summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": question.summary},
            "400": refused.clone(), "401": refused.clone(), "403": refused.clone(), "404": refused.clone(), "503": refused,
        },
    }})
}
