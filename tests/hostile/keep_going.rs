//! What is answered from a part of the data says so, and ends with exit code 5.

use crate::fixtures::{BODS, gzip};
use crate::run::{Folder, cuibono};

/// Many statements, packed and cut off.
fn cut(folder: &Folder) {
    let party = |number: usize| BODS[1].replace("s-2", &format!("s-{number}")).replace("r-2", &format!("p-{number}"));
    let mut lines = vec![BODS.join("\n")];
    lines.extend((10..3000).map(|number| party(number * number * 7919 % 1_000_003)));
    let packed = gzip((lines.join("\n") + "\n").as_bytes());
    folder.write("cut.jsonl.gz", &packed[..packed.len() / 2]);
}

#[test]
fn an_answer_from_a_part_is_partial() {
    let folder = Folder::new();
    cut(&folder);
    let run = |arguments: &str| cuibono(arguments).data("cut.jsonl.gz").current_dir(folder.path()).end();
    let refused = run("owners-of Acme").code(3);
    assert!(refused.errors.starts_with("cuibono: cut.jsonl.gz: is damaged or cut off: "), "{}", refused.errors);
    assert!(refused.errors.contains(" unpacked bytes); the "), "{}", refused.errors);
    assert!(
        refused.errors.ends_with(" records before that were read; give --keep-going for an answer from them alone\n"),
        "{}",
        refused.errors
    );
    assert!(refused.bytes.is_empty());
    for flags in ["--keep-going", "--keep-going -q"] {
        let answer = run(&format!("owners-of Acme --as-of 2021-01-01 --format csv {flags}")).code(5);
        assert!(answer.text().contains("60"), "{}", answer.text());
        assert!(
            answer.errors.starts_with("cuibono: the answer is partial: cut.jsonl.gz: is damaged"),
            "{}",
            answer.errors
        );
        assert!(answer.errors.contains(" records before that were read, what follows was not\n"), "{}", answer.errors);
    }
    // Whoever is not found may stand in what was not read.
    let nobody = run("owners-of Nobody --keep-going").code(5);
    assert!(nobody.errors.contains("no entity answers to \"Nobody\""), "{}", nobody.errors);
    let findings = run("check --keep-going --format json").code(5).json();
    assert_eq!(findings["counts"]["broken-off"], 1, "{}", findings["counts"]);
    let stats = run("stats --keep-going --format json").code(5).json();
    assert!(stats["input_counts"][0]["broken"].is_string(), "{stats}");
}

#[test]
fn an_index_of_a_part_stays_one() {
    let folder = Folder::new();
    cut(&folder);
    let built =
        cuibono("index build --keep-going -o index").data("cut.jsonl.gz").current_dir(folder.path()).end().code(5);
    assert!(built.errors.starts_with("cuibono: the answer is partial: "), "{}", built.errors);
    let answer = cuibono("owners-of Acme --as-of 2021-01-01").data("index").current_dir(folder.path()).end().code(5);
    assert!(answer.errors.starts_with("cuibono: the answer is partial: "), "{}", answer.errors);
}

/// What is wrong within a table is no end of it: the file is wrong.
#[test]
fn a_wrong_row_is_not_passed_over() {
    cuibono("stats --keep-going").stdin("owner,owned,share\nA,B,1\nA,C,x\nA,D,1\n").end().code(3);
    let open = "owner,owned,share\nA,B,1\n\"A,C,2\nA,D,1\n";
    let end = cuibono("stats --keep-going --format json").stdin(open).end().code(5);
    assert_eq!(end.json()["interests"], 1);
    assert!(
        end.errors.starts_with("cuibono: the answer is partial: <stdin>:3: a quote that opens in this row"),
        "{}",
        end.errors
    );
    let end = cuibono("stats").stdin(open).end().code(3);
    assert!(
        end.errors
            .ends_with("; the one record before that was read; give --keep-going for an answer from them alone\n"),
        "{}",
        end.errors
    );
}
