//! As much of JSON Schema as `data/cuibono.schema.json` uses. A keyword that is not known here is a failure, so that
//! nothing in the schema goes unchecked. Own code, since the validators on offer bring forty crates into the tests and
//! switch on features of serde_json that the program is shipped without.

use serde_json::{Map, Value};

/// What is wrong with `value`, a line for each mistake, with its place.
pub fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Check { root: schema, found: &mut found }.value(schema, value, "");
    found
}

struct Check<'s, 'e> {
    root: &'s Value,
    found: &'e mut Vec<String>,
}

impl<'s> Check<'s, '_> {
    fn value(&mut self, schema: &'s Value, value: &Value, place: &str) {
        let rules = match schema {
            Value::Bool(true) => return,
            Value::Bool(false) => return self.wrong(place, "must not be there"),
            rules => rules.as_object().expect("a schema is an object"),
        };
        for (keyword, rule) in rules {
            self.rule(rules, keyword, rule, value, place);
        }
    }

    fn rule(&mut self, rules: &'s Map<String, Value>, keyword: &str, rule: &'s Value, value: &Value, place: &str) {
        match keyword {
            "$schema" | "$id" | "$defs" | "title" | "description" | "examples" | "default" | "$comment" | "then"
            | "else" => {}
            "$ref" => {
                let target = rule.as_str().and_then(|path| path.strip_prefix('#')).expect("a local reference");
                self.value(self.root.pointer(target).expect("the target of a reference"), value, place);
            }
            "type" => self.demand(one_or_many(rule).iter().any(|kind| is_a(value, kind)), place, rule),
            "const" => self.demand(same(rule, value), place, rule),
            "enum" => self.demand(rule.as_array().expect("a list").iter().any(|one| same(one, value)), place, rule),
            "minLength" => {
                self.text(value, place, rule, |text| text.chars().count() as u64 >= rule.as_u64().expect("a count"))
            }
            "pattern" => self.text(value, place, rule, |text| matches(rule.as_str().expect("a pattern"), text)),
            "maxLength" => {
                self.text(value, place, rule, |text| text.chars().count() as u64 <= rule.as_u64().expect("a count"))
            }
            "minimum" => self.demand(value.as_f64().is_none_or(|number| number >= number_of(rule)), place, rule),
            "maximum" => self.demand(value.as_f64().is_none_or(|number| number <= number_of(rule)), place, rule),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.value(rule, item, &format!("{place}/{index}"));
                }
            }
            "minItems" => self.demand(
                value.as_array().is_none_or(|list| list.len() as u64 >= rule.as_u64().expect("a count")),
                place,
                rule,
            ),
            "minProperties" => self.demand(
                value.as_object().is_none_or(|object| object.len() as u64 >= rule.as_u64().expect("a count")),
                place,
                rule,
            ),
            "uniqueItems" => {
                let list = value.as_array().map_or(&[][..], Vec::as_slice);
                self.demand(
                    list.iter().enumerate().all(|(index, item)| !list[..index].contains(item)),
                    place,
                    &"items twice".into(),
                );
            }
            "required" => {
                if let Some(object) = value.as_object() {
                    for key in rule.as_array().expect("a list").iter().filter_map(Value::as_str) {
                        self.demand(object.contains_key(key), place, &format!("{key} is missing").into());
                    }
                }
            }
            "dependentRequired" => {
                for (key, needed) in rule.as_object().expect("an object") {
                    if value.get(key).is_some() {
                        self.rule(rules, "required", needed, value, place);
                    }
                }
            }
            "properties" => {
                for (key, schema) in rule.as_object().expect("an object") {
                    if let Some(member) = value.get(key) {
                        self.value(schema, member, &format!("{place}/{key}"));
                    }
                }
            }
            "additionalProperties" => {
                let known = rules.get("properties").and_then(Value::as_object);
                for (key, member) in value.as_object().into_iter().flatten() {
                    if !known.is_some_and(|known| known.contains_key(key)) {
                        self.value(rule, member, &format!("{place}/{key}"));
                    }
                }
            }
            "allOf" => rule.as_array().expect("a list").iter().for_each(|schema| self.value(schema, value, place)),
            "anyOf" => self.demand(self.fitting(rule, value) > 0, place, &"fits none of the choices".into()),
            "oneOf" => self.demand(self.fitting(rule, value) == 1, place, &"does not fit exactly one choice".into()),
            "not" => self.demand(!errors_in(self.root, rule, value).is_empty(), place, &"fits what is excluded".into()),
            "if" => {
                let branch = if errors_in(self.root, rule, value).is_empty() { "then" } else { "else" };
                if let Some(schema) = rules.get(branch) {
                    self.value(schema, value, place);
                }
            }
            other => panic!("the schema uses {other:?}, which this check does not know"),
        }
    }

    fn fitting(&self, choices: &'s Value, value: &Value) -> usize {
        let choices = choices.as_array().expect("a list").iter();
        choices.filter(|schema| errors_in(self.root, schema, value).is_empty()).count()
    }

    fn text(&mut self, value: &Value, place: &str, rule: &Value, fits: impl Fn(&str) -> bool) {
        self.demand(value.as_str().is_none_or(fits), place, rule);
    }

    fn demand(&mut self, holds: bool, place: &str, rule: &Value) {
        if !holds {
            self.wrong(place, &rule.to_string());
        }
    }

    fn wrong(&mut self, place: &str, why: &str) {
        self.found.push(format!("{}: {why}", if place.is_empty() { "/" } else { place }));
    }
}

fn errors_in<'s>(root: &'s Value, schema: &'s Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Check { root, found: &mut found }.value(schema, value, "");
    found
}

fn one_or_many(rule: &Value) -> Vec<&str> {
    rule.as_str()
        .map_or_else(|| rule.as_array().into_iter().flatten().filter_map(Value::as_str).collect(), |one| vec![one])
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("unknown type {other:?}"),
    }
}

fn number_of(rule: &Value) -> f64 {
    rule.as_f64().expect("a number")
}

/// Numbers are the same whether they are written 1 or 1.0.
fn same(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().is_some_and(|number| b.as_f64() == Some(number))
}

/// The patterns of the schema, each as a test of its own: four do not need a regular-expression engine.
fn matches(pattern: &str, text: &str) -> bool {
    let letters = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    match pattern {
        "^[A-Za-z0-9][A-Za-z0-9._:-]*$" => {
            text.starts_with(|c: char| c.is_ascii_alphanumeric()) && letters(text, "._:-")
        }
        "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$" => {
            let parts: Vec<&str> = text.split('-').collect();
            let limits = [(4, 0..=9999), (2, 1..=12), (2, 1..=31)];
            let fits = |(part, (length, limit)): (&&str, &(usize, std::ops::RangeInclusive<u32>))| {
                part.len() == *length
                    && part.chars().all(|c| c.is_ascii_digit())
                    && part.parse().is_ok_and(|number| limit.contains(&number))
            };
            parts.len() <= 3 && parts.iter().zip(&limits).all(fits)
        }
        "^[A-Z]{2}(-[A-Z0-9]{1,3})?$" => {
            let (country, part) = text.split_once('-').unwrap_or((text, "0"));
            let capital = |c: char| c.is_ascii_uppercase();
            let part_fits = part.chars().all(|c| capital(c) || c.is_ascii_digit()) && (1..=3).contains(&part.len());
            country.len() == 2 && country.chars().all(capital) && part_fits
        }
        "^https?://[^\\s…]+$" => {
            let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or("");
            !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c == '…')
        }
        other => panic!("the schema uses the pattern {other:?}, which this check does not know"),
    }
}
