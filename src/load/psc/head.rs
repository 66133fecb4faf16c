//! Recognises the register's files by the keys of their first record.

/// Whether the first bytes of an input are one of the register's files.
pub(in crate::load) fn recognises(head: &str) -> bool {
    match head.bytes().next() {
        Some(b'{' | b'[') => {
            let keys = keys(head);
            is_record(head, &|key| keys.contains(&key))
        }
        _ => is_company_table(head),
    }
}

/// Whether the text begins with the header of the basic company data.
pub(super) fn is_company_table(head: &str) -> bool {
    let header = head.lines().next().unwrap_or("");
    let mut columns = header.split(',').map(|column| column.trim().trim_matches('"').trim());
    columns.next() == Some("CompanyName") && columns.next() == Some("CompanyNumber")
}

fn is_record(head: &str, has: &dyn Fn(&str) -> bool) -> bool {
    let of_register = head.contains("-significant-control") || head.contains("-beneficial-owner");
    let row = has("data") && (has("company_number") || has("resource_uri") || of_register);
    let answer = has("items") || has("natures_of_control") || has("kind") || has("statement");
    let bundle = has("company_number") && (has("pscs") || has("psc_statements") || has("profile"));
    let profile = has("company_number") && has("company_name");
    let table_row = has("CompanyNumber") && has("CompanyName");
    let other = has("schema") || has("statementID") || has("statementId");
    !other && (row || answer && of_register && head.contains("\"/company/") || bundle || profile || table_row)
}

/// The keys of the first object, as far as the text goes.
fn keys(text: &str) -> Vec<&str> {
    let (mut keys, mut depth, mut in_objects) = (Vec::new(), 0u32, false);
    let mut string: Option<usize> = None;
    let mut escaped = false;
    for (position, byte) in text.bytes().enumerate() {
        if let Some(start) = string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    let is_key = text[position + 1..].trim_start().starts_with(':');
                    if depth == 1 && is_key {
                        keys.push(&text[start..position]);
                    }
                    string = None;
                }
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => string = Some(position + 1),
            // The brackets around all records are no level of their own.
            b'[' if !in_objects => {}
            b'{' | b'[' => {
                in_objects = true;
                depth += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_first_object_only() {
        assert_eq!(keys("[ {\"a\": {\"b\": 1}, \"c\": [{\"d\": \"e\"}]}, {\"f\": 1}]"), ["a", "c"]);
        assert_eq!(keys("{\"a\\\"b\": \"x\", \"c\": \"cut of"), ["a\\\"b", "c"]);
        assert_eq!(keys("[]"), Vec::<&str>::new());
    }

    #[test]
    fn the_forms_of_the_register_are_recognised_and_others_are_not() {
        for own in [
            "{\"company_number\":\"1\",\"data\":{}}",
            "[\n {\"company_number\":\"1\",\"data\":{}}]",
            "{\"data\":{\"kind\":\"totals#persons-of-significant-control-snapshot\"}}",
            "{\"resource_uri\":\"/company/1/x\",\"data\":{},\"event\":{}}",
            "{\"items\":[],\"links\":{\"self\":\"/company/1/persons-with-significant-control\"}}",
            "{\"company_number\":\"1\",\"pscs\":{}}",
            "{\"company_name\":\"A\",\"company_number\":\"1\"}",
            "[{\"CompanyName\":\"A\",\"CompanyNumber\":\"1\"}]",
            "CompanyName, CompanyNumber,RegAddress.CareOf\n",
            "\"CompanyName\",\" CompanyNumber\",\"RegAddress.CareOf\"\n",
        ] {
            assert!(recognises(own), "{own}");
        }
        for other in [
            "",
            "[]",
            "{\"data\":[]}",
            "{\"items\":[]}",
            "{\"id\":\"x\",\"schema\":\"Person\",\"properties\":{\"company_number\":[\"1\"]},\"data\":{},\"company_number\":1}",
            "[{\"statementId\":\"x\",\"data\":{\"kind\":\"a-person-with-significant-control\"}}]",
            "owner,owned,share\nCompanyName,CompanyNumber,1\n",
            "{\"entities\":[{\"company_number\":\"1\",\"data\":{}}]}",
        ] {
            assert!(!recognises(other), "{other}");
        }
    }
}
