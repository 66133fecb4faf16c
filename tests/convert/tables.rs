//! Neo4j, Parquet and the list of columns.

use crate::data::{hostile, names, rich};
use crate::run::{Folder, Run};
use cuibono::export::columns::documentation;
use std::collections::BTreeSet;
use std::fs;

#[test]
fn the_columns_are_documented() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/columns.md");
    let text = fs::read_to_string(path).unwrap_or_default();
    assert!(text == documentation(), "docs/columns.md should be\n{}", documentation());
}

fn neo4j(folder: &Folder, data: &std::path::Path) -> (std::path::PathBuf, String) {
    let out = folder.path().join("neo4j");
    let end = Run::new().args(["convert", "--to", "neo4j", "-o"]).arg(&out).data(data).answers();
    (out, end.errors)
}

#[test]
fn neo4j_gets_typed_columns_and_one_line_a_row() {
    let folder = Folder::new();
    let (out, errors) = neo4j(&folder, &hostile(&folder));
    let text = fs::read_to_string(out.join("entities.csv")).expect("written");
    let header = text.lines().next().expect("a header");
    assert!(header.starts_with("id:ID(Entity),name:string,kind:string,") && header.ends_with(",note:string,:LABEL"));
    let count = names().into_iter().collect::<BTreeSet<_>>().len();
    // No cell breaks a line, and none holds a backslash, on which the two readers of Neo4j disagree.
    assert_eq!(text.lines().count(), count + 2);
    assert!(!text.contains('\\') && !text.contains('\r'));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row of the header's width")).collect();
    let labels: BTreeSet<&str> = rows.iter().filter_map(|row| row.iter().next_back()).collect();
    assert_eq!(labels, BTreeSet::from(["Entity;Company", "Entity;Person"]));
    for part in ["texts with backslashes", "texts with line breaks", "lists with a semicolon in an item"] {
        assert!(errors.contains(part), "{errors}");
    }
    let interests = fs::read_to_string(out.join("interests.csv")).expect("written");
    let header = interests.lines().next().expect("a header");
    assert!(header.starts_with("id:string,:START_ID(Entity),:END_ID(Entity),kind:string,min:double,"), "{header}");
    assert_eq!(interests.lines().count(), count + 1);
    assert!(interests.lines().nth(1).is_some_and(|row| row.ends_with(",SHAREHOLDING")));
}

#[test]
fn the_load_script_holds_no_data_and_names_what_the_files_have() {
    let folder = Folder::new();
    let (out, _) = neo4j(&folder, &hostile(&folder));
    let script = fs::read_to_string(out.join("load.cypher")).expect("written");
    assert_eq!(script, cuibono::export::neo4j::load_script());
    let mut referred = BTreeSet::new();
    for file in ["entities", "interests", "sources"] {
        let text = fs::read_to_string(out.join(format!("{file}.csv"))).expect("written");
        for column in text.lines().next().expect("a header").split(',') {
            let used = script.contains(&format!("row.`{column}`"));
            assert!(used || column == ":LABEL", "{file}: {column}");
            referred.insert(format!("`{column}`"));
        }
    }
    let used: BTreeSet<String> = script
        .split("row.")
        .skip(1)
        .filter_map(|rest| rest.split('`').nth(1))
        .map(|name| format!("`{name}`"))
        .collect();
    assert!(used.is_subset(&referred), "{used:?}");
    for (open, close) in [('(', ')'), ('{', '}'), ('[', ']')] {
        assert_eq!(script.matches(open).count(), script.matches(close).count(), "{open}");
    }
    assert_eq!(script.matches("CREATE (a)-[r:").count(), cuibono::model::InterestKind::ALL.len());
}

#[cfg(feature = "parquet")]
mod parquet_files {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::{Field, Row};
    use std::path::Path;

    fn rows(path: &Path) -> Vec<Row> {
        let reader = SerializedFileReader::new(fs::File::open(path).expect("a file")).expect("Parquet");
        assert_eq!(reader.metadata().file_metadata().created_by(), Some("cuibono"));
        reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row")).collect()
    }

    fn field(row: &Row, name: &str) -> Field {
        row.get_column_iter().find(|(column, _)| *column == name).map(|(_, field)| field.clone()).expect("a column")
    }

    fn convert(folder: &Folder, data: &Path) -> std::path::PathBuf {
        let out = folder.path().join("tables");
        Run::new().args(["convert", "-q", "--to", "parquet", "-o"]).arg(&out).data(data).answers().quiet();
        out
    }

    #[test]
    fn types_and_values_are_right() {
        let folder = Folder::new();
        let out = convert(&folder, &rich(&folder));
        let interests = rows(&out.join("interests.parquet"));
        assert_eq!(interests.len(), 6);
        let (band, exact, none) = (&interests[0], &interests[3], &interests[5]);
        assert_eq!((field(band, "min"), field(band, "max")), (Field::Double(25.0), Field::Double(50.0)));
        assert_eq!((field(band, "min_open"), field(band, "max_open")), (Field::Bool(true), Field::Bool(false)));
        assert_eq!(field(band, "end_not_before"), Field::Str("2020".to_owned()));
        assert_eq!(field(band, "end_not_before_day"), Field::Null);
        // 18,753 days from the beginning of 1970 to 6 May 2021.
        assert_eq!(field(band, "end_not_after_day"), Field::Date(18_753));
        assert_eq!(
            (field(exact, "min"), field(exact, "max")),
            (Field::Double(33.333_333_3), Field::Double(33.333_333_3))
        );
        assert_eq!((field(none, "min"), field(none, "max")), (Field::Null, Field::Null));
        assert_eq!(field(none, "record"), Field::Long(6));
        let counts =
            ["entities", "sources", "jurisdictions"].map(|name| rows(&out.join(format!("{name}.parquet"))).len());
        assert_eq!(counts, [3, 2, 1]);
    }

    #[test]
    fn hostile_texts_are_exact() {
        let folder = Folder::new();
        let out = convert(&folder, &hostile(&folder));
        let text = |row: &Row, name: &str| match field(row, name) {
            Field::Str(text) => text,
            other => panic!("{other}"),
        };
        let found: BTreeSet<String> = rows(&out.join("entities.parquet")).iter().map(|row| text(row, "name")).collect();
        let expected: BTreeSet<String> = names().into_iter().chain(["Company".to_owned()]).collect();
        assert!(found == expected);
    }

    #[test]
    fn many_rows_are_several_groups() {
        let folder = Folder::new();
        let rows: String = (0..100_001).map(|number| format!("a,b{number},1\n")).collect();
        let data = folder.write("edges.csv", format!("owner,owned,share\n{rows}"));
        let out = convert(&folder, &data);
        let file = fs::File::open(out.join("interests.parquet")).expect("a file");
        let reader = SerializedFileReader::new(file).expect("Parquet");
        let groups: Vec<i64> = reader.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
        assert_eq!(groups, [100_000, 1]);
    }
}
