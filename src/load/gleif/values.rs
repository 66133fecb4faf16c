//! A record as the three readers hand it over: fields and their values, whatever the spelling.

use crate::model::text::{trim, trimmed};
use std::borrow::Cow;

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// Level 1: an entity that has an LEI.
    Entity,
    /// Level 2: who consolidates, manages or feeds whom.
    Relationship,
    /// Why an entity reports no parent.
    Exception,
}

/// The fields that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Lei,
    LegalName,
    OtherName,
    OtherNameType,
    TransliteratedName,
    Country,
    Authority,
    AuthorityNumber,
    Jurisdiction,
    Category,
    LegalFormCode,
    LegalForm,
    EntityStatus,
    Created,
    Expired,
    SuccessorLei,
    SuccessorName,
    LastUpdate,
    RegistrationStatus,
    Corroboration,
    Child,
    ChildType,
    Parent,
    ParentType,
    RelationshipType,
    RelationshipStatus,
    PeriodStart,
    PeriodEnd,
    PeriodType,
    Amount,
    Units,
    ExceptionCategory,
    ExceptionReason,
    ExceptionReference,
    Deleted,
}

use Field as F;

/// Names of columns and of XML elements within a record, in small letters and without item numbers.
const NAMES: [(&str, Field); 49] = [
    ("lei", F::Lei),
    ("entity.legalname", F::LegalName),
    ("entity.otherentitynames.otherentityname", F::OtherName),
    ("entity.otherentitynames.otherentityname.type", F::OtherNameType),
    ("entity.transliteratedotherentitynames.transliteratedotherentityname", F::TransliteratedName),
    ("entity.legaladdress.country", F::Country),
    ("entity.registrationauthority.registrationauthorityid", F::Authority),
    ("entity.registrationauthority.registrationauthorityentityid", F::AuthorityNumber),
    ("entity.legaljurisdiction", F::Jurisdiction),
    ("entity.entitycategory", F::Category),
    ("entity.legalform.entitylegalformcode", F::LegalFormCode),
    ("entity.legalform.otherlegalform", F::LegalForm),
    ("entity.entitystatus", F::EntityStatus),
    ("entity.entitycreationdate", F::Created),
    ("entity.entityexpirationdate", F::Expired),
    ("entity.successorentity.successorlei", F::SuccessorLei),
    ("entity.successorentity.successorentityname", F::SuccessorName),
    ("registration.lastupdatedate", F::LastUpdate),
    ("registration.registrationstatus", F::RegistrationStatus),
    ("registration.validationsources", F::Corroboration),
    ("relationship.startnode.nodeid", F::Child),
    ("relationship.startnode.nodeidtype", F::ChildType),
    ("relationship.endnode.nodeid", F::Parent),
    ("relationship.endnode.nodeidtype", F::ParentType),
    ("relationship.relationshiptype", F::RelationshipType),
    ("relationship.relationshipstatus", F::RelationshipStatus),
    ("relationship.period.startdate", F::PeriodStart),
    ("relationship.period.enddate", F::PeriodEnd),
    ("relationship.period.periodtype", F::PeriodType),
    ("relationship.relationshipperiods.relationshipperiod.startdate", F::PeriodStart),
    ("relationship.relationshipperiods.relationshipperiod.enddate", F::PeriodEnd),
    ("relationship.relationshipperiods.relationshipperiod.periodtype", F::PeriodType),
    ("relationship.quantifiers.quantifieramount", F::Amount),
    ("relationship.quantifiers.quantifierunits", F::Units),
    ("relationship.relationshipquantifiers.quantifieramount", F::Amount),
    ("relationship.relationshipquantifiers.quantifierunits", F::Units),
    ("relationship.relationshipquantifiers.relationshipquantifier.quantifieramount", F::Amount),
    ("relationship.relationshipquantifiers.relationshipquantifier.quantifierunits", F::Units),
    ("exception.category", F::ExceptionCategory),
    ("exception.reason", F::ExceptionReason),
    ("exception.reference", F::ExceptionReference),
    ("exceptioncategory", F::ExceptionCategory),
    ("exceptionreason", F::ExceptionReason),
    ("exceptionreference", F::ExceptionReference),
    ("exception.exceptioncategory", F::ExceptionCategory),
    ("exception.exceptionreason", F::ExceptionReason),
    ("exception.exceptionreference", F::ExceptionReference),
    ("extension.deletion.deletedat", F::Deleted),
    ("deletedat", F::Deleted),
];

impl Field {
    /// How many fields there are.
    const COUNT: usize = Field::Deleted as usize + 1;

    /// The field of a dotted name in small letters.
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|&(_, field)| field)
    }
}

/// Fields with their values. Empty values are not kept; those that may stand several times carry the number of the item
/// that they belong to, so that the start, end and type of one period stay together.
#[derive(Debug)]
pub(super) struct Values<'v> {
    all: Vec<(Field, u32, Cow<'v, str>)>,
    /// Where the first value of each field stands; behind the last value where there is none.
    first: [u16; Field::COUNT],
}

impl Default for Values<'_> {
    fn default() -> Self {
        Self { all: Vec::with_capacity(32), first: [u16::MAX; Field::COUNT] }
    }
}

impl<'v> Values<'v> {
    /// Values that one record may have; real ones have some dozens.
    pub(super) const MOST: usize = 10_000;

    /// Whether there are more than any record has.
    pub(super) fn are_too_many(&self) -> bool {
        self.all.len() > Self::MOST
    }

    /// Forgets the values, so that those of another record can stand in their place.
    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.first = [u16::MAX; Field::COUNT];
    }

    /// Adds a value, unless it is empty or there are too many.
    pub(super) fn push(&mut self, field: Field, item: u32, value: Cow<'v, str>) {
        match value {
            Cow::Borrowed(text) => self.push_borrowed(field, item, text),
            Cow::Owned(text) if self.is_wanted(field, &text) => self.all.push((field, item, Cow::Owned(text))),
            Cow::Owned(_) => {}
        }
    }

    /// The same for a value that stands in the record as it is, as nearly all do.
    #[inline]
    pub(super) fn push_borrowed(&mut self, field: Field, item: u32, text: &'v str) {
        if self.is_wanted(field, text) {
            self.all.push((field, item, Cow::Borrowed(text)));
        }
    }

    /// Whether a value is to be added; notes where the first of each field stands.
    #[inline]
    fn is_wanted(&mut self, field: Field, text: &str) -> bool {
        let wanted = !trim(text).is_empty() && !self.are_too_many();
        if wanted {
            let first = &mut self.first[field as usize];
            *first = (*first).min(self.all.len() as u16);
        }
        wanted
    }

    /// What a record of this level is called by.
    pub(super) fn id(&self, level: Level) -> Cow<'v, str> {
        self.text_of(if level == Level::Relationship { Field::Child } else { Field::Lei })
    }

    /// The first value of a field without blanks around it, empty where it is missing.
    pub(super) fn get(&self, field: Field) -> &str {
        self.all.get(usize::from(self.first[field as usize])).map_or("", |(_, _, value)| trim(value))
    }

    /// The same, borrowed from the record where it stands there as it is.
    pub(super) fn text_of(&self, field: Field) -> Cow<'v, str> {
        self.all.get(usize::from(self.first[field as usize])).map_or_else(Cow::default, |(_, _, value)| trimmed(value))
    }

    /// Every value of a field, with the number of its item.
    pub(super) fn all(&self, field: Field) -> impl Iterator<Item = (u32, &str)> {
        let values = self.all.get(usize::from(self.first[field as usize])..).unwrap_or_default();
        values.iter().filter(move |(known, _, _)| *known == field).map(|(_, item, value)| (*item, trim(value)))
    }

    /// The value of a field in one item.
    pub(super) fn of_item(&self, field: Field, item: u32) -> &str {
        self.all(field).find(|&(number, _)| number == item).map_or("", |(_, value)| value)
    }

    /// The record in words, for the list of rejected ones.
    pub(super) fn text(&self) -> String {
        let fields = self.all.iter().map(|(field, _, value)| format!("{field:?}: {value}"));
        fields.collect::<Vec<_>>().join("; ")
    }
}
