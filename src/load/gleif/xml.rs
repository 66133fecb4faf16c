//! Golden copy files as XML (LEI-CDF, RR-CDF, reporting exceptions), streamed.
//!
//! Elements are known by their local names, whatever prefix a file uses. Only the references that XML itself defines
//! are resolved; a document type is passed over and nothing that it defines is expanded.

use super::values::{Field, Level, Values};
use super::{Filing, day, too_large};
use crate::error::{Error, Result};
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

/// So many elements more may lie within one another: no record is written so.
const BEYOND: usize = 96;

/// What a record states once.
const SINGLE: [Field; 10] = [
    Field::Lei,
    Field::LegalName,
    Field::Country,
    Field::Jurisdiction,
    Field::EntityStatus,
    Field::Child,
    Field::Parent,
    Field::RelationshipType,
    Field::RelationshipStatus,
    Field::ExceptionCategory,
];

/// Whether the first bytes look like one of the three files.
pub(super) fn recognises(head: &str) -> bool {
    let is_root = |root: &&str| head.match_indices(*root).any(|(at, _)| head[..at].ends_with(['<', ':']));
    head.starts_with('<') && ROOTS.iter().any(is_root)
}

/// What passes through a reader: lines, bytes since a record began, and all bytes.
#[derive(Default)]
struct Passed {
    line: Cell<u64>,
    bytes: Cell<usize>,
    all: Cell<u64>,
}

/// A reader that counts lines and refuses to go on where one record outgrows the limit.
struct Counting<'r> {
    inner: &'r mut (dyn BufRead + Send),
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
        self.passed.all.set(self.passed.all.get() + count as u64);
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
            if self.beyond > BEYOND {
                self.broken.get_or_insert_with(|| format!("elements lie more than {} deep", DEPTH + BEYOND));
            }
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

    fn close(&mut self, name: &str) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let open = self.path.rsplit('.').next().unwrap_or("");
        if !open.eq_ignore_ascii_case(name) {
            self.mismatched();
        }
        if let Some(field) = Field::named(&self.path) {
            if SINGLE.contains(&field) && !self.values.get(field).is_empty() {
                self.broken.get_or_insert_with(|| format!("the element {name} stands twice in the record"));
            }
            self.values.push(field, self.item, Cow::Owned(std::mem::take(&mut self.text)));
        }
        self.text.clear();
        self.path.truncate(self.starts.pop().unwrap_or(0));
    }

    /// Notes that start and end tags do not belong together, so that values may stand under wrong names.
    fn mismatched(&mut self) {
        self.broken.get_or_insert_with(|| "start and end tags do not match within the record".to_owned());
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
pub(super) fn read(filing: &mut Filing<'_, '_>, reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let passed = Rc::new(Passed::default());
    passed.line.set(1);
    let mut counting = Counting { inner: reader, passed: Rc::clone(&passed), limit: filing.intake.limits.record };
    let mut document = Document { filing, passed, header: Header::default(), record: None, root: Root::Missing };
    loop {
        let before = document.passed.all.get();
        match document.read(&mut counting)? {
            None => return document.finish(),
            // Nothing moves on any more: there is no point in trying again.
            Some(error) if document.passed.all.get() == before => {
                document.damaged(error)?;
                return document.finish();
            }
            Some(error) => document.damaged(error)?,
        }
    }
}

/// What stands before the records: the day of the file.
#[derive(Default)]
struct Header {
    in_date: bool,
    text: String,
}

/// A file that is being read.
struct Document<'d, 'f, 'l> {
    filing: &'d mut Filing<'f, 'l>,
    passed: Rc<Passed>,
    header: Header,
    record: Option<Record>,
    root: Root,
}

/// How far the element around all records has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Root {
    Missing,
    Open,
    Closed,
}

impl Document<'_, '_, '_> {
    /// Reads to the end, or to something that is no XML. After that the caller may start again with what follows: the
    /// next record that begins is whole.
    fn read(&mut self, source: &mut Counting<'_>) -> Result<Option<quick_xml::Error>> {
        let mut reader = Reader::from_reader(source);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        config.expand_empty_elements = true;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Eof) => return Ok(None),
                Ok(Event::Start(element)) => self.start(&element)?,
                Ok(Event::End(element)) => self.end(element.local_name().as_ref())?,
                Ok(Event::Text(text)) => self.text(&text.xml10_content()),
                Ok(Event::CData(text)) => self.text(&text.xml10_content()),
                Ok(Event::GeneralRef(reference)) => {
                    if let Some(record) = &mut self.record {
                        record.reference(&reference);
                    }
                }
                Ok(_) => {}
                Err(error) => return Ok(Some(error)),
            }
        }
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<()> {
        let name = element.local_name();
        let level = RECORDS.iter().find(|(known, _)| *known == name.as_ref()).map(|&(_, level)| level);
        if level.is_none() && self.record.is_none() && ROOTS.contains(&name.as_ref()) {
            self.root = Root::Open;
        }
        match (level, &mut self.record) {
            (Some(level), open) => {
                self.passed.bytes.set(0);
                let unfinished = open.replace(Record::new(level, self.passed.line.get()));
                unfinished.map_or(Ok(()), |record| self.refuse(record))
            }
            (None, Some(record)) => {
                record.open(element);
                Ok(())
            }
            (None, None) => {
                self.header = Header { in_date: name.as_ref() == "ContentDate", text: String::new() };
                Ok(())
            }
        }
    }

    fn end(&mut self, name: &str) -> Result<()> {
        if RECORDS.iter().any(|(known, _)| *known == name) {
            return self.record.take().map_or(Ok(()), |record| self.take(record));
        }
        if self.root == Root::Open && ROOTS.contains(&name) {
            self.root = Root::Closed;
        }
        match &mut self.record {
            Some(record) => record.close(name),
            None if self.header.in_date => {
                self.filing.published = day(self.header.text.trim());
                self.header.in_date = false;
            }
            None => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        match &mut self.record {
            Some(record) => record.text.push_str(text),
            None if self.header.in_date => self.header.text.push_str(text),
            None => {}
        }
    }

    fn take(&mut self, mut record: Record) -> Result<()> {
        if !record.starts.is_empty() {
            record.mismatched();
        }
        match record.broken {
            Some(_) => self.refuse(record),
            None => {
                let read = super::Record::read(record.level, &record.values, record.line, || record.values.text());
                self.filing.take_one(read)
            }
        }
    }

    /// Rejects a record that is broken, or that another one or the end of the file cuts off.
    fn refuse(&mut self, record: Record) -> Result<()> {
        let location = self.filing.location(record.level, &record.values, record.line);
        let reason = record.broken.as_deref().unwrap_or("the record is not closed: its end tag is missing");
        self.filing.reject(location, reason, &record.values.text())
    }

    /// Notes something that is no XML: it costs the record in which it stands.
    fn damaged(&mut self, error: quick_xml::Error) -> Result<()> {
        let line = self.passed.line.get();
        match (error, &mut self.record) {
            (quick_xml::Error::Io(error), _) => Err(match (error.kind(), error.get_ref()) {
                // The limit of one record; that of the whole input says so itself.
                (io::ErrorKind::FileTooLarge, None) => too_large(self.filing, line),
                (kind, _) => failed(self.filing.intake.name, io::Error::new(kind, error.to_string())),
            }),
            (error, Some(record)) => {
                record.broken.get_or_insert_with(|| format!("is no XML (line {line}): {error}"));
                Ok(())
            }
            (error, None) => {
                let location = self.filing.intake.at(line);
                self.filing.reject(location, &format!("is no XML: {error}"), "")
            }
        }
    }

    fn finish(mut self) -> Result<()> {
        self.record.take().map_or(Ok(()), |record| self.refuse(record))?;
        let (location, [first, second, third]) = (self.filing.intake.at(self.passed.line.get()), ROOTS);
        match self.root {
            Root::Closed => Ok(()),
            Root::Open => {
                let message = "the input ends before the element around all records is closed: it is cut off";
                Err(Error::cut_off(location, message))
            }
            Root::Missing => {
                let message = format!("none of the elements {first}, {second} and {third} stands around its records");
                Err(Error::data(location, message))
            }
        }
    }
}
