//! Parquet is read: what `convert` writes, tables of other programs, and what is no whole file.

use crate::data::{hostile, rich};
use crate::graphs::{assert_same, read};
use crate::run::{Folder, Run, cuibono};
use crate::tally::tally;
use parquet::basic::Compression;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type,
};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::Type;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The graph of some data, by way of Parquet.
fn by_parquet(folder: &Folder, data: &[&Path]) -> PathBuf {
    let out = folder.path().join("tables");
    let run = data.iter().fold(Run::new().args(["convert", "-q", "--to", "parquet"]), |run, path| run.data(path));
    run.arg("-o").arg(&out).answers().quiet();
    out
}

fn jsonl(data: &Path) -> String {
    Run::new().args(["convert", "-q", "--to", "jsonl"]).data(data).answers().quiet().text().to_owned()
}

#[test]
fn what_convert_writes_comes_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Folder::new();
    let edges =
        folder.write("edges.csv", "owner,owned,share,source\na,b,10,\na,b,20,S1\na,c,\"(25,50]\",S1\na,c,<10,\n");
    for data in [root.join("data/nso-group.json"), hostile(&folder), rich(&folder), edges] {
        let folder = Folder::new();
        let tables = by_parquet(&folder, &[&data]);
        assert_same(&read(&[&data]), &read(&[&tables]));
        assert!(jsonl(&data) == jsonl(&tables), "{} comes back as something else", data.display());
    }
}

/// A table of one row group, written column by column.
struct Written {
    schema: Arc<Type>,
    properties: WriterProperties,
    columns: Vec<Column>,
}

type Column = Box<dyn Fn(&mut SerializedRowGroupWriter<'_, &mut Vec<u8>>)>;

impl Written {
    fn new(fields: &str) -> Self {
        let schema = parse_message_type(&format!("message t {{ {fields} }}")).expect("a schema");
        Self { schema: Arc::new(schema), properties: WriterProperties::default(), columns: Vec::new() }
    }

    fn packed(mut self, version: WriterVersion, packed: Compression) -> Self {
        self.properties = WriterProperties::builder().set_writer_version(version).set_compression(packed).build();
        self
    }

    fn column<T: DataType>(mut self, cells: Vec<Option<T::T>>) -> Self
    where
        T::T: Clone,
    {
        self.columns.push(Box::new(move |group| {
            let values: Vec<T::T> = cells.iter().flatten().cloned().collect();
            let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
            let mut column = group.next_column().expect("memory").expect("a column");
            column.typed::<T>().write_batch(&values, Some(&levels), None).expect("memory");
            column.close().expect("memory");
        }));
        self
    }

    fn texts(self, cells: &[Option<&str>]) -> Self {
        self.column::<ByteArrayType>(cells.iter().map(|cell| cell.map(ByteArray::from)).collect())
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer =
            SerializedFileWriter::new(&mut bytes, Arc::clone(&self.schema), Arc::new(self.properties.clone()))
                .expect("memory");
        let mut group = writer.next_row_group().expect("memory");
        self.columns.iter().for_each(|column| column(&mut group));
        group.close().expect("memory");
        writer.close().expect("memory");
        bytes
    }
}

/// Edges with a share in every type, a band, and days.
fn edges() -> Written {
    Written::new(
        "optional binary owner (string); optional int64 owned; optional double share; optional int32 start (date); \
         optional int64 end (timestamp(micros, true)); optional binary kind (string);",
    )
    .texts(&[Some("Ann, \"the\" owner"), Some("=1+1"), Some("multi\nline")])
    .column::<Int64Type>(vec![Some(7), Some(8), Some(i64::MAX)])
    .column::<DoubleType>(vec![Some(33.3), None, Some(0.25)])
    .column::<Int32Type>(vec![Some(18_753), None, Some(0)])
    .column::<Int64Type>(vec![Some(1_700_000_000_000_000), None, None])
    .texts(&[Some("shareholding"), None, None])
}

const SAME_AS_CSV: &str = "owner,owned,share,start,end,kind\n\
    \"Ann, \"\"the\"\" owner\",7,33.3,2021-05-06,2023-11-14,shareholding\n=1+1,8,,,,\n\
    \"multi\nline\",9223372036854775807,0.25,1970-01-01,,\n";

#[test]
fn edges_of_other_programs_are_read_in_every_packing() {
    let folder = Folder::new();
    let csv = folder.write("edges.csv", SAME_AS_CSV);
    // Under the name of the table, which is part of the graph.
    let path = folder.write("edges.table", SAME_AS_CSV);
    let expected = read(&[&path]);
    assert_eq!((expected.node_count(), expected.edge_count()), (6, 3));
    let packings = [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::GZIP(Default::default())];
    for (version, packed) in
        [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0].into_iter().flat_map(|v| packings.map(|p| (v, p)))
    {
        let path = folder.write("edges.table", edges().packed(version, packed).bytes());
        assert_same(&expected, &read(&[&path]));
    }
    // From standard input, packed in gzip, and as the member of an archive it is the same.
    let bytes = edges().bytes();
    let answer = |run: Run| run.args(["--format", "json"]).answers().json()["owners"].clone();
    let expected = answer(cuibono("owners-of 7").data(&csv));
    assert_eq!(answer(cuibono("owners-of 7").stdin(&bytes)), expected);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&bytes).expect("memory");
    let packed = folder.write("edges.parquet.gz", packed.finish().expect("memory"));
    assert_eq!(answer(cuibono("owners-of 7").data(packed)), expected);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("edges.parquet", zip::write::SimpleFileOptions::default()).expect("memory");
    archive.write_all(&bytes).expect("memory");
    let archive = folder.write("edges.zip", archive.finish().expect("memory").into_inner());
    assert_eq!(answer(cuibono("owners-of 7").data(archive)), expected);
}

#[test]
fn every_type_of_number_is_exact() {
    let fixed = |bytes: &[u8]| Some(FixedLenByteArray::from(bytes.to_vec()));
    let table = Written::new(
        "optional binary owner; optional int32 owned (integer(32, false)); \
         optional fixed_len_byte_array(3) min (decimal(6, 2)); optional float max; optional boolean note;",
    )
    .texts(&[Some("a"), Some("b")])
    .column::<Int32Type>(vec![Some(-1), Some(2)])
    .column::<FixedLenByteArrayType>(vec![fixed(&[0, 0x0b, 0xb9]), None])
    .column::<FloatType>(vec![Some(60.1), Some(5.0)])
    .column::<BoolType>(vec![Some(true), Some(false)]);
    let folder = Folder::new();
    let path = folder.write("table", "owner,owned,min,max,note\na,4294967295,30.01,60.1,true\nb,2,,5,false\n");
    let expected = read(&[&path]);
    folder.write("table", table.bytes());
    assert_same(&expected, &read(&[&path]));
}

#[test]
fn several_row_groups_are_one_table() {
    let folder = Folder::new();
    let rows: String = (0..100_001).map(|number| format!("a,b{number},1\n")).collect();
    let data = folder.write("edges.csv", format!("owner,owned,share\n{rows}"));
    let tables = by_parquet(&folder, &[&data]);
    let graph = read(&[&tables]);
    assert_eq!((graph.node_count(), graph.edge_count()), (100_002, 100_001));
}

#[test]
fn what_cannot_be_a_cell_is_refused_with_its_column() {
    let folder = Folder::new();
    let lists = Written::new("optional binary owner (string); optional group x { optional int32 y; }")
        .texts(&[Some("a")])
        .column::<Int32Type>(vec![Some(1)]);
    let path = folder.write("lists.parquet", lists.bytes());
    let message = format!(
        "cuibono: {}: has lists, maps or structures in the column \"x\"; only single values are read: write it with one \
         value a cell, or without this column",
        path.display()
    );
    cuibono("stats").data(&path).fails(3, &message);
}

/// A file that is cut anywhere is refused, by its name and with what to do.
#[test]
fn a_file_that_is_cut_is_refused() {
    let (folder, whole) = (Folder::new(), edges().bytes());
    let lengths: Vec<usize> = (4..whole.len()).step_by(whole.len() / 40).chain([whole.len() - 1]).collect();
    for len in &lengths {
        let path = folder.write("cut.parquet", &whole[..*len]);
        let end = cuibono("stats").data(&path).end().code(3);
        let expected = format!(
            "cuibono: {}: is no whole Parquet file, it was cut off or damaged: get it again, or write it again (",
            path.display()
        );
        assert!(end.errors.starts_with(&expected), "{len}: {}", end.errors);
        assert_eq!(end.text(), "");
    }
    tally("cut Parquet files, of the reader of tables", lengths.len(), &[("refused with a reason", lengths.len())]);
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parquet")
}

/// Pages of zstd, of both versions; moments of 96 bits; texts and numbers in other encodings.
#[test]
fn files_that_polars_duckdb_and_arrow_wrote_are_read() {
    let (folder, csv) = (Folder::new(), std::fs::read(fixtures().join("edges.csv")).expect("a fixture"));
    let path = folder.write("table", csv);
    let expected = read(&[&path]);
    assert_eq!((expected.node_count(), expected.edge_count()), (4, 3));
    for name in ["polars-zstd", "duckdb-zstd", "arrow-v2-zstd", "arrow-int96", "arrow-flba"] {
        let bytes = std::fs::read(fixtures().join(name).with_extension("parquet")).expect("a fixture");
        folder.write("table", bytes);
        assert_same(&expected, &read(&[&path]));
    }
}

/// With any byte of it changed, a file is read or refused; where the library panics, that is told as damage.
#[test]
fn a_damaged_file_is_no_bug() {
    let folder = Folder::new();
    let (mut tried, mut refused, mut stopped) = (0, 0, None);
    for name in ["arrow-v2-zstd", "arrow-flba", "duckdb-zstd"] {
        let whole = std::fs::read(fixtures().join(name).with_extension("parquet")).expect("a fixture");
        for (at, flipped) in (4..whole.len()).flat_map(|at| [(at, 0xff), (at, 0x80), (at, 1)]) {
            let mut bytes = whole.clone();
            bytes[at] ^= flipped;
            tried += 1;
            if let Err(error) = cuibono::load::Loader::new().read_bytes("damaged.parquet", &bytes) {
                refused += 1;
                let error = error.to_string();
                assert!(error.contains("damaged.parquet"), "{name} {at}: {error}");
                if error.contains("the Parquet library stopped at it") {
                    stopped = Some(bytes);
                }
            }
        }
    }
    tally(
        "Parquet files with a changed byte, of the reader of tables",
        tried,
        &[("refused with a reason", refused), ("read: the byte is data, or is not used", tried - refused)],
    );
    assert!(refused > tried / 2, "{refused} of {tried}");
    if let Some(bytes) = stopped {
        let path = folder.write("damaged.parquet", bytes);
        let end = cuibono("stats").data(&path).end().code(3);
        let expected =
            format!("cuibono: {}: is damaged or cut off: the Parquet library stopped at it: ", path.display());
        assert!(end.errors.starts_with(&expected) && !end.errors.contains("bug"), "{}", end.errors);
    }
}
