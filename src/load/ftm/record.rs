//! One entity as it stands in a file, borrowed from its text.

use crate::model::Remark;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// Text that is borrowed where it holds no escapes.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// An entity: a party, an asset or a link.
#[derive(Debug, Deserialize)]
pub(super) struct Record<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    #[serde(borrow, default)]
    pub schema: Cow<'a, str>,
    #[serde(borrow, default)]
    pub caption: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub properties: Properties<'a>,
    #[serde(borrow, default)]
    pub datasets: Option<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    referents: Option<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    pub last_seen: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub last_change: Option<Text<'a>>,
}

impl<'a> Record<'a> {
    /// The values of a property that are not empty, for longer than the record is there.
    pub(super) fn kept(&self, property: Property) -> impl Iterator<Item = Cow<'a, str>> {
        let values = self.properties.values.iter().filter(move |(of, _)| *of == property);
        let trimmed = values.map(|(_, value)| match value {
            Cow::Borrowed(value) => Cow::Borrowed(value.trim()),
            Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
        });
        trimmed.filter(|value| !value.is_empty())
    }

    /// The values of a property.
    pub(super) fn all(&self, property: Property) -> impl Iterator<Item = &str> {
        self.properties.values.iter().filter(move |(of, _)| *of == property).map(|(_, value)| value.trim())
    }

    /// The first value of a property.
    pub(super) fn first(&self, property: Property) -> Option<&str> {
        self.all(property).find(|value| !value.is_empty())
    }

    /// What this program kept where the model has no property for it.
    pub(super) fn remark(&self) -> Option<Remark> {
        self.all(Property::Description).find_map(Remark::parse)
    }

    /// The datasets that state it.
    pub(super) fn datasets(&self) -> &[Text<'a>] {
        self.datasets.as_deref().unwrap_or_default()
    }

    /// Ids under which the entity was known before.
    pub(super) fn referents(&self) -> &[Text<'a>] {
        self.referents.as_deref().unwrap_or_default()
    }
}

/// The properties that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
pub(super) enum Property {
    Name,
    Alias,
    WeakAlias,
    Abbreviation,
    PreviousName,
    FirstName,
    MiddleName,
    LastName,
    Jurisdiction,
    MainCountry,
    Country,
    Nationality,
    Citizenship,
    LegalForm,
    Topics,
    BirthDate,
    DeathDate,
    IncorporationDate,
    DissolutionDate,
    RegistrationNumber,
    LeiCode,
    InnCode,
    OgrnCode,
    TaxNumber,
    DunsCode,
    PermId,
    UniqueEntityId,
    WikidataId,
    BvdId,
    IcijId,
    ImoNumber,
    OpencorporatesUrl,
    Parent,
    Owner,
    Asset,
    Director,
    Organization,
    Controller,
    Controlled,
    Subject,
    Object,
    Percentage,
    SharesCount,
    OwnershipType,
    ControlType,
    LegalBasis,
    Role,
    Status,
    Description,
    StartDate,
    EndDate,
    Date,
    ModifiedAt,
    RetrievedAt,
    #[serde(other)]
    Other,
}

/// The values of the properties that are read, and the entities that stand inside any property.
#[derive(Debug, Default)]
pub(super) struct Properties<'a> {
    pub values: Vec<(Property, Cow<'a, str>)>,
    pub nested: Vec<Record<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Properties<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut properties = Properties::default();
        deserializer.deserialize_map(Whole(&mut properties))?;
        Ok(properties)
    }
}

/// Reads the object of all properties.
struct Whole<'p, 'de>(&'p mut Properties<'de>);

impl<'de> Visitor<'de> for Whole<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of properties")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(property) = map.next_key()? {
            map.next_value_seed(One { property, into: self.0 })?;
        }
        Ok(())
    }
}

/// Reads what one property holds: an array by the rules, a single value out of kindness.
struct One<'p, 'de> {
    property: Property,
    into: &'p mut Properties<'de>,
}

impl<'de> One<'_, 'de> {
    fn push<E>(self, value: Cow<'de, str>) -> Result<(), E> {
        if self.property != Property::Other {
            self.into.values.push((self.property, value));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for One<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for One<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of strings or entities")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        while values.next_element_seed(One { property: self.property, into: self.into })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let record = Record::deserialize(MapAccessDeserializer::new(map))?;
        if self.property != Property::Other {
            self.into.values.push((self.property, record.id.clone()));
        }
        self.into.nested.push(record);
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<(), E> {
        self.push(Cow::Borrowed(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        match self.property {
            Property::Other => Ok(()),
            _ => self.push(Cow::Owned(value.to_owned())),
        }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.push(Cow::Owned(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.push(Cow::Owned(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.push(Cow::Owned(value.to_string()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.push(Cow::Owned(value.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}
