//! One entity as it stands in a file, borrowed from its text.

use super::few::Few;
use crate::load::keys::{self, TWICE};
use crate::model::Remark;
use crate::model::text::{trim, trimmed};
use foldhash::quality::FixedState;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{self, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::hash::BuildHasher;

/// Text that is borrowed where it holds no escapes.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// An entity: a party, an asset or a link.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Record<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    #[serde(borrow, default)]
    pub schema: Cow<'a, str>,
    #[serde(borrow, default)]
    pub caption: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub properties: Properties<'a>,
    /// The datasets that state it.
    #[serde(borrow, default, deserialize_with = "list")]
    pub datasets: Few<Text<'a>>,
    /// Ids under which the entity was known before.
    #[serde(borrow, default, deserialize_with = "list")]
    pub referents: Few<Text<'a>>,
    #[serde(borrow, default)]
    pub last_seen: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub last_change: Option<Text<'a>>,
}

impl<'a> Record<'a> {
    /// Empties it for another entity.
    pub(super) fn clear(&mut self) {
        let Self { id, schema, caption, properties, datasets, referents, last_seen, last_change } = self;
        (*id, *schema) = (Cow::Borrowed(""), Cow::Borrowed(""));
        (*caption, *last_seen, *last_change) = (None, None, None);
        properties.clear();
        datasets.clear();
        referents.clear();
    }

    /// Whether any of some properties has a value.
    pub(super) fn has_any(&self, of: AnyOf) -> bool {
        self.properties.present & of.0 != 0
    }

    /// The values of a property that are not empty, for longer than the record is there.
    pub(super) fn kept(&self, property: Property) -> impl Iterator<Item = Cow<'a, str>> {
        self.properties.of(property).map(trimmed).filter(|value| !value.is_empty())
    }

    /// The values of a property.
    pub(super) fn all(&self, property: Property) -> impl Iterator<Item = &str> {
        self.properties.of(property).map(|value| trim(value))
    }

    /// The first value of a property.
    pub(super) fn first(&self, property: Property) -> Option<&str> {
        self.all(property).find(|value| !value.is_empty())
    }

    /// What this program kept where the model has no property for it.
    pub(super) fn remark(&self) -> Option<Remark> {
        self.all(Property::Description).find_map(Remark::parse)
    }
}

/// A list, or nothing for an empty one.
fn list<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Few<Text<'a>>, D::Error> {
    let list = Option::<Vec<Text<'a>>>::deserialize(deserializer)?;
    Ok(list.unwrap_or_default().into_iter().collect())
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

impl Property {
    /// The property with a name.
    pub(super) fn named(name: &str) -> Self {
        let name: StrDeserializer<'_, de::value::Error> = name.into_deserializer();
        Self::deserialize(name).unwrap_or(Self::Other)
    }

    /// How many there are.
    const COUNT: usize = Property::Other as usize + 1;

    const fn bit(self) -> u64 {
        1 << self as u32
    }
}

/// Some properties, to be looked for at once: most entities have few.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnyOf(u64);

impl AnyOf {
    /// Those of a table, whatever it says of each.
    pub(super) const fn of(table: &[(Property, &str)]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < table.len() {
            bits |= table[at].0.bit();
            at += 1;
        }
        Self(bits)
    }
}

/// Values that most entities do not go beyond.
const FIRST: usize = 8;

type Value<'a> = (Property, Cow<'a, str>);

/// The values of the properties that are read, and the entities that stand inside any property.
#[derive(Debug)]
pub(super) struct Properties<'a> {
    /// The first values, which need no memory of their own, and how many of them there are.
    first: [Value<'a>; FIRST],
    count: usize,
    more: Vec<Value<'a>>,
    /// Where the first value of each property stands among all and the last one ends, where it has any.
    places: [(u32, u32); Property::COUNT],
    /// A bit for each property that has a value: most have none.
    present: u64,
    pub nested: Vec<Record<'a>>,
}

impl Default for Properties<'_> {
    fn default() -> Self {
        let first = [const { (Property::Other, Cow::Borrowed("")) }; FIRST];
        let places = [(0, 0); Property::COUNT];
        Self { first, count: 0, more: Vec::new(), places, present: 0, nested: Vec::new() }
    }
}

impl<'a> Properties<'a> {
    /// Empties it. Values that are left in their places are not counted.
    fn clear(&mut self) {
        (self.count, self.present) = (0, 0);
        self.more.clear();
        self.nested.clear();
    }

    /// Adds a value.
    pub(super) fn push(&mut self, property: Property, value: Cow<'a, str>) {
        if property == Property::Other {
            return;
        }
        let at = (self.count + self.more.len()) as u32;
        let (start, end) = &mut self.places[property as usize];
        if self.present & property.bit() == 0 {
            self.present |= property.bit();
            *start = at;
        }
        *end = at + 1;
        match self.first.get_mut(self.count) {
            Some(place) => *place = (property, value),
            None => self.more.push((property, value)),
        }
        self.count = (self.count + 1).min(FIRST);
    }

    /// The values of one property.
    fn of(&self, property: Property) -> impl Iterator<Item = &Cow<'a, str>> {
        let (start, end) = match self.present & property.bit() {
            0 => (0, 0),
            _ => self.places[property as usize],
        };
        let (start, end) = (start as usize, end as usize);
        let first = &self.first[start.min(self.count)..end.min(self.count)];
        let more = &self.more[start.saturating_sub(FIRST)..end.saturating_sub(FIRST)];
        first.iter().chain(more).filter(move |(of, _)| *of == property).map(|(_, value)| value)
    }
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
        let mut seen = 0;
        // Properties that are not read, but hold entities; few entities have any.
        let mut holders = Vec::new();
        while let Some((property, name)) = map.next_key_seed(Key)? {
            if property != Property::Other && seen & property.bit() != 0 {
                return Err(A::Error::custom(TWICE));
            }
            seen |= property.bit();
            let before = self.0.nested.len();
            map.next_value_seed(One { property, into: self.0 })?;
            if property == Property::Other && self.0.nested.len() > before {
                if holders.contains(&name) {
                    return Err(A::Error::custom(TWICE));
                }
                holders.push(name);
            }
        }
        Ok(())
    }
}

/// Reads the name of a property, and gives a hash of it where it is none that is read.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = (Property, u64);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = (Property, u64);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let property = Property::named(name);
        let hash = if property == Property::Other { FixedState::default().hash_one(name) } else { 0 };
        Ok((property, hash))
    }
}

/// Reads what one property holds: an array by the rules, a single value out of kindness.
struct One<'p, 'de> {
    property: Property,
    into: &'p mut Properties<'de>,
}

impl<'de> One<'_, 'de> {
    fn push<E>(self, value: Cow<'de, str>) -> Result<(), E> {
        self.into.push(self.property, value);
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
        self.into.push(self.property, record.id.clone());
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

    /// Of a number that is not whole, or that has more digits than fit, nobody knows how it was written.
    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        if self.property == Property::Other {
            return Ok(());
        }
        let is_amount = matches!(self.property, Property::Percentage | Property::SharesCount);
        if !is_amount || value.abs() >= keys::EXACT {
            return Err(E::custom(format!("the number {value} stands where a text belongs: put it in quotes")));
        }
        self.push(Cow::Owned(value.to_string()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.push(Cow::Owned(value.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}
