//! Golden copy files as XML (LEI-CDF, RR-CDF, reporting exceptions), streamed.
//!
//! Elements are known by their local names, whatever prefix a file uses. Only the references that XML itself defines
//! are resolved; a document type is passed over and nothing that it defines is expanded.

use super::values::{Field, Level, Values};
use super::{Filing, day, too_large};
use crate::error::Result;
use crate::load::source::failed;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// The elements that hold a record.
const RECORDS: [(&str, Level); 3] =
    [("LEIRecord", Level::Entity), ("RelationshipRecord", Level::Relationship), ("Exception", Level::Exception)];

/// The root elements.
const ROOTS: [&str; 3] = ["LEIData", "RelationshipData", "ReportingExceptionData"];

/// How deep elements of a record may lie; GLEIF's own lie five deep. What lies deeper is passed over.
const DEPTH: usize = 32;

/// Whether the first bytes look like one of the three files.
pub(super) fn recognises(head: &str) -> bool {
    let is_root = |root: &&str| head.match_indices(*root).any(|(at, _)| head[..at].ends_with(['<', ':']));
    head.starts_with('<') && ROOTS.iter().any(|root| is_root(&root))
}

/// What passes through a reader: lines, and bytes since the last record.
#[derive(Default)]
struct Passed {
    line: Cell<u64>,
    bytes: Cell<usize>,
}

/// A reader that counts lines and refuses to go on where one record outgrows the limit.
struct Counting<'r> {
    inner: &'r mut dyn BufRead,
    passed: Rc<Passed>,
    limit: usize,
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Counting<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.passed.bytes.get() > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if let Ok(buffer) = self.inner.fill_buf() {
            let lines = memchr::memchr_iter(b'\n', &buffer[..count.min(buffer.len())]).count();
            self.passed.line.set(self.passed.line.get() + lines as u64);
        }
        self.passed.bytes.set(self.passed.bytes.get() + count);
        self.inner.consume(count);
    }
}

/// A record that is being read.
struct Record {
    level: Level,
    line: u64,
    values: Values<'static>,
    /// The dotted path of the open elements within the record, and where each of them begins in it.
    path: String,
    starts: Vec<usize>,
    /// Elements that are open beyond [`DEPTH`].
    beyond: usize,
    item: u32,
    text: String,
    broken: Option<String>,
}

impl Record {
    fn new(level: Level, line: u64) -> Self {
        Self {
            level,
            line,
            values: Values::default(),
            path: String::new(),
            starts: Vec::new(),
            beyond: 0,
            item: 0,
            text: String::new(),
            broken: None,
        }
    }

    fn open(&mut self, element: &BytesStart<'_>) {
        self.text.clear();
        if self.starts.len() == DEPTH {
            self.beyond += 1;
            return;
        }
        self.starts.push(self.path.len());
        self.path.push_str(if self.path.is_empty() { "" } else { "." });
        self.path.extend(element.local_name().as_ref().chars().map(|c| c.to_ascii_lowercase()));
        if is_item(&self.path) {
            self.item += 1;
        }
        if self.path.ends_with(".otherentityname") {
            let kinds =
                element.attributes().flatten().filter(|attribute| attribute.key.local_name().as_ref() == "type");
            for kind in kinds {
                self.values.push(Field::OtherNameType, self.item, Cow::Owned(kind.value.into_owned()));
            }
        }
    }

    fn close(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        if let Some(field) = Field::named(&self.path) {
            self.values.push(field, self.item, Cow::Owned(std::mem::take(&mut self.text)));
        }
        self.text.clear();
        self.path.truncate(self.starts.pop().unwrap_or(0));
    }

    fn reference(&mut self, reference: &BytesRef<'_>) {
        let name = reference.xml10_content();
        match (reference.resolve_char_ref(), resolve_predefined_entity(&name)) {
            (Ok(Some(character)), _) => self.text.push(character),
            (_, Some(text)) => self.text.push_str(text),
            _ => self.broken = Some(format!("&{name}; is no reference that XML itself defines; it is not expanded")),
        }
    }
}

/// Elements that may stand several times in a record.
fn is_item(path: &str) -> bool {
    const ITEMS: [&str; 8] = [
        ".otherentityname",
        ".transliteratedotherentityname",
        ".successorentity",
        ".relationshipperiod",
        ".relationshipquantifier",
        ".relationshipquantifiers",
        "exceptionreason",
        "exceptionreference",
    ];
    ITEMS.iter().any(|item| path.ends_with(item))
}

/// Reads one file.
pub(super) fn read(filing: &mut Filing<'_, '_>, reader: &mut dyn BufRead) -> Result<()> {
    let passed = Rc::new(Passed::default());
    passed.line.set(1);
    let counting = Counting { inner: reader, passed: Rc::clone(&passed), limit: filing.intake.limits.record };
    let mut reader = Reader::from_reader(counting);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut record: Option<Record> = None;
    let mut header = Header::default();
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return broken(filing, &passed, record, error),
        };
        match event {
            Event::Eof => break,
            Event::Start(element) => {
                let name = element.local_name();
                let level = RECORDS.iter().find(|(known, _)| *known == name.as_ref()).map(|&(_, level)| level);
                match (level, &mut record) {
                    (Some(level), open) => {
                        if let Some(open) = open.replace(Record::new(level, passed.line.get())) {
                            unfinished(filing, open)?;
                        }
                    }
                    (None, Some(record)) => record.open(&element),
                    (None, None) => header.open(name.as_ref()),
                }
            }
            Event::End(element) => {
                let name = element.local_name();
                let ends = record.as_ref().is_some_and(|_| RECORDS.iter().any(|(known, _)| *known == name.as_ref()));
                match &mut record {
                    Some(_) if ends => {
                        passed.bytes.set(0);
                        record.take().map_or(Ok(()), |record| take(filing, record))?;
                    }
                    Some(record) => record.close(),
                    None => header.close(filing),
                }
            }
            Event::Text(text) => add_text(&mut record, &mut header, &text.xml10_content()),
            Event::CData(text) => add_text(&mut record, &mut header, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                if let Some(record) = &mut record {
                    record.reference(&reference);
                }
            }
            _ => {}
        }
    }
    record.map_or(Ok(()), |record| unfinished(filing, record))
}

fn add_text(record: &mut Option<Record>, header: &mut Header, text: &str) {
    match record {
        Some(record) => record.text.push_str(text),
        None if header.in_date => header.text.push_str(text),
        None => {}
    }
}

/// What stands before the records: the day of the file.
#[derive(Default)]
struct Header {
    in_date: bool,
    text: String,
}

impl Header {
    fn open(&mut self, name: &str) {
        self.in_date = name == "ContentDate";
        self.text.clear();
    }

    fn close(&mut self, filing: &mut Filing<'_, '_>) {
        if std::mem::take(&mut self.in_date) {
            filing.published = day(self.text.trim());
        }
        self.text.clear();
    }
}

fn take(filing: &mut Filing<'_, '_>, record: Record) -> Result<()> {
    match &record.broken {
        Some(reason) => refuse(filing, &record, reason),
        None => filing.take(record.level, &record.values, record.line, || record.values.text()),
    }
}

/// A record that another one or the end of the file cuts off.
fn unfinished(filing: &mut Filing<'_, '_>, record: Record) -> Result<()> {
    refuse(filing, &record, "the record is not closed: its end tag is missing")
}

fn refuse(filing: &mut Filing<'_, '_>, record: &Record, reason: &str) -> Result<()> {
    let location = filing.location(record.level, &record.values, record.line);
    filing.reject(location, reason, &record.values.text())
}

/// What cannot be read as XML ends the reading: nobody knows where the next record begins. What stands before it stays.
fn broken(filing: &mut Filing<'_, '_>, passed: &Passed, record: Option<Record>, error: quick_xml::Error) -> Result<()> {
    match error {
        quick_xml::Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            // The limit is that of one record, or that of the whole input; the latter says so itself.
            match error.get_ref() {
                None => Err(too_large(filing, passed.line.get())),
                Some(_) => Err(failed(filing.intake.name, io::Error::new(error.kind(), error.to_string()))),
            }
        }
        quick_xml::Error::Io(error) => Err(failed(filing.intake.name, io::Error::new(error.kind(), error.to_string()))),
        error => {
            let reason = format!("is no XML from here on, what follows is not read: {error}");
            let values = record.map(|record| record.values).unwrap_or_default();
            let location = filing.intake.at(passed.line.get());
            filing.reject(location, &reason, &values.text())
        }
    }
}
