//! Golden copy files say the same in pieces of any size.

use super::{CHILD, LEI_HEADER, MIDDLE, REPEX_HEADER, RR_HEADER, TOP, csv, relationship};
use crate::shared::told_in_any_pieces;

/// An LEI by number; its check digits are of no account here.
fn lei(number: usize) -> String {
    format!("9999TEST{number:012}")
}

#[test]
fn entities_in_pieces() {
    let row = |n: usize| match n % 6 {
        0 => format!("{},\"A, {n}\",,,,,,RA000585,{n},GB,GENERAL,,,,,,2020-01-01,", lei(n)),
        1 => format!(
            "\"{}\",\"Two\nLines \"\"{n}\"\"\",\"Old\n\n\",PREVIOUS_LEGAL_NAME,,,,,,,,,,soon,,,2019-02-30,",
            lei(n)
        ),
        2 => format!("{},5\" pipes,\"x\",,,,,,,QQ,FUND,,,,,,,RETIRED", lei(n)),
        3 => String::new(),
        4 => format!("{},too few", lei(n)),
        _ => format!("{},Again,,,,,,,,FR,GENERAL,,,,,,,", lei(n - 5)),
    };
    let rows: Vec<String> = (0..240).map(row).collect();
    let text = csv(LEI_HEADER, &rows);
    let told = told_in_any_pieces("lei.csv", text.as_bytes());
    assert!(told.starts_with("(160, 40)\n"), "{told}");
    assert_eq!(told.matches("ConflictingDescription").count(), 80, "{told}");
    assert_eq!(told.matches("UnreadableValue").count(), 80);
    assert_eq!(told.matches("RejectedRecord").count(), 40);
    let crlf = told_in_any_pieces("lei.csv", text.replace('\n', "\r\n").trim_end().as_bytes());
    assert_eq!(crlf.matches("RejectedRecord").count(), 40);
    let semicolons = told_in_any_pieces("lei.csv", text.replace(',', ";").as_bytes());
    assert!(semicolons.starts_with("(160, 40)\n"), "{semicolons}");
}

#[test]
fn relationships_in_pieces() {
    let kinds = ["IS_DIRECTLY_CONSOLIDATED_BY", "is_fund_managed_by", "IS_FRIEND_OF", "IS_FEEDER_TO"];
    let row = |n: usize| match n % 5 {
        4 => format!(
            "{},LEI,{TOP},LEI,{},INACTIVE,x,,RELATIONSHIP_PERIOD,,,,1.00,PERCENTAGE,,ANNULLED,",
            lei(n),
            kinds[0]
        ),
        _ => relationship(&lei(n % 30), kinds[n % 4], [MIDDLE, CHILD][n % 2]),
    };
    let rows: Vec<String> = (0..200).map(row).collect();
    let told = told_in_any_pieces("rr.csv", csv(RR_HEADER, &rows).as_bytes());
    assert!(told.starts_with("(160, 40)\n"), "{told}");
    assert_eq!(told.matches("relationship type \"IS_FRIEND_OF\" is none of").count(), 40);
    // Ends that are no LEIs, so that no line begins as a record does.
    let rows: Vec<String> = (0..100)
        .map(|n| format!("child{n},OTHER,\"parent\n{}\",OTHER,{},ACTIVE,,,,,,,,,,,", n % 9, kinds[0]))
        .collect();
    let told = told_in_any_pieces("rr.csv", csv(RR_HEADER, &rows).as_bytes());
    assert!(told.starts_with("(100, 0)\n"), "{told}");
}

#[test]
fn exceptions_in_pieces_with_a_quote_that_is_never_closed() {
    let reasons = ["NATURAL_PERSONS", "NO_LEI", "NONSENSE"];
    let row = |n: usize| {
        let quote = if n % 10 == 7 { "\"" } else { "" };
        format!("{},DIRECT_ACCOUNTING_CONSOLIDATION_PARENT,{},,{quote}R{n}", lei(n), reasons[n % 3])
    };
    let rows: Vec<String> = (0..90).map(row).collect();
    let mut text = csv(REPEX_HEADER, &rows).into_bytes();
    let told = told_in_any_pieces("repex.csv", &text);
    assert!(told.starts_with("(54, 36)\n"), "{told}");
    assert_eq!(told.matches("a quote that opens in this row is never closed").count(), 9);
    assert_eq!(told.matches("exception reason").count(), 27);
    text.extend(b"9999TEST000000000999,\xff,NO_LEI,,\n");
    let told = told_in_any_pieces("repex.csv", &text);
    assert!(told.contains("repex.csv:92: is not UTF-8 text (byte 21)"), "{told}");
}
