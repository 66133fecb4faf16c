//! Which column of an edges file means what, under the many names that people give them.

use crate::error::{Error, Location, Result};

/// The columns of a plain edges file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Owner,
    Owned,
    Share,
    Min,
    Max,
    Kind,
    Start,
    End,
    Source,
    OwnerName,
    OwnedName,
    OwnerKind,
    OwnedKind,
    OwnerJurisdiction,
    OwnedJurisdiction,
}

use Column as C;

/// Every column with its own name and the other names under which it is read where its own is missing. Names are compared
/// in lower case without blanks, hyphens and underscores.
const NAMES: [(Column, &str, &[&str]); 15] = [
    (C::Owner, "owner", &["parent", "shareholder", "from", "holder", "investor", "startid"]),
    (C::Owned, "owned", &["subsidiary", "child", "asset", "to", "target", "company", "investee", "issuer", "endid"]),
    (
        C::Share,
        "share",
        &[
            "percent",
            "percentage",
            "pct",
            "stake",
            "ownership",
            "%",
            "sharepercent",
            "sharepercentage",
            "sharepct",
            "stakepercent",
            "ownershippercent",
            "ownershippercentage",
            "ownershipshare",
            "percentowned",
            "percentageowned",
        ],
    ),
    (C::Min, "min", &["low", "lower", "minimum", "minshare", "sharemin", "minpercent", "percentmin"]),
    (C::Max, "max", &["high", "upper", "maximum", "maxshare", "sharemax", "maxpercent", "percentmax"]),
    (C::Kind, "kind", &["interesttype", "interestkind"]),
    (C::Start, "start", &["startdate", "validfrom", "since", "fromdate"]),
    (C::End, "end", &["enddate", "validto", "until", "todate"]),
    (C::Source, "source", &["sources", "reference"]),
    (C::OwnerName, "ownername", &[]),
    (C::OwnedName, "ownedname", &[]),
    (C::OwnerKind, "ownerkind", &[]),
    (C::OwnedKind, "ownedkind", &[]),
    (C::OwnerJurisdiction, "ownerjurisdiction", &[]),
    (C::OwnedJurisdiction, "ownedjurisdiction", &[]),
];

/// What a name says of the party whose name it begins with: `parent_name`, `subsidiary_country`.
const OF_A_PARTY: [(&str, Column, Column); 4] = [
    ("name", C::OwnerName, C::OwnedName),
    ("kind", C::OwnerKind, C::OwnedKind),
    ("jurisdiction", C::OwnerJurisdiction, C::OwnedJurisdiction),
    ("country", C::OwnerJurisdiction, C::OwnedJurisdiction),
];

/// Where the columns that say something of one party stand.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Side {
    pub id: usize,
    pub name: Option<usize>,
    pub kind: Option<usize>,
    pub jurisdiction: Option<usize>,
}

/// Where each column stands in a file.
#[derive(Debug)]
pub(super) struct Header {
    pub owner: Side,
    pub owned: Side,
    pub share: Option<usize>,
    pub min: Option<usize>,
    pub max: Option<usize>,
    pub kind: Option<usize>,
    pub start: Option<usize>,
    pub end: Option<usize>,
    pub source: Option<usize>,
    /// How many cells a row must have.
    pub width: usize,
    /// The names of columns that mean nothing here.
    pub unread: Vec<String>,
}

impl Header {
    /// Reads a header row, which stands at `location`.
    pub(super) fn read(row: &csv::StringRecord, location: &Location) -> Result<Self> {
        let error = |message: String| Error::data(location.clone(), message);
        let cells: Vec<String> = row.iter().map(plain).collect();
        let mut places: [Option<usize>; NAMES.len()] = [None; NAMES.len()];
        for (place, cell) in cells.iter().enumerate() {
            if let Some(column) = own_name(cell)
                && places[column as usize].replace(place).is_some()
            {
                let name = NAMES[column as usize].1;
                return Err(error(format!("the header names the column {name:?} twice")));
            }
        }
        let own = places;
        for (place, cell) in cells.iter().enumerate().filter(|(_, cell)| own_name(cell).is_none()) {
            let Some(column) = other_name(cell).filter(|&column| own[column as usize].is_none()) else { continue };
            if let Some(first) = places[column as usize].replace(place) {
                let (first, second) = (row[first].trim(), row[place].trim());
                return Err(error(format!(
                    "the columns {first:?} and {second:?} could both be the {}: rename the one that is meant to {:?}",
                    meaning(column),
                    NAMES[column as usize].1
                )));
            }
        }
        // `source,target`: without another owner the source is where the edge comes from, not who says so.
        if places[C::Owner as usize].is_none() {
            places[C::Owner as usize] = places[C::Source as usize].take();
        }
        let needed = |column: Column| {
            places[column as usize].ok_or_else(|| {
                let found: Vec<_> = row.iter().take(20).collect();
                error(format!(
                    "the header has no column {:?} (found: {}); a plain edges file starts with owner,owned,share or \
                     owner,owned,min,max",
                    NAMES[column as usize].1,
                    found.join(", ")
                ))
            })
        };
        let (owner, owned) = (needed(C::Owner)?, needed(C::Owned)?);
        let at = |column: Column| places[column as usize];
        let unread = (0..row.len()).filter(|&place| !cells[place].is_empty() && !places.contains(&Some(place)));
        Ok(Self {
            owner: Side {
                id: owner,
                name: at(C::OwnerName),
                kind: at(C::OwnerKind),
                jurisdiction: at(C::OwnerJurisdiction),
            },
            owned: Side {
                id: owned,
                name: at(C::OwnedName),
                kind: at(C::OwnedKind),
                jurisdiction: at(C::OwnedJurisdiction),
            },
            share: at(C::Share),
            min: at(C::Min),
            max: at(C::Max),
            kind: at(C::Kind),
            start: at(C::Start),
            end: at(C::End),
            source: at(C::Source),
            width: cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1),
            unread: unread.map(|place| row[place].trim().to_owned()).collect(),
        })
    }
}

/// A name as names are compared.
fn plain(cell: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || *c == '%';
    let name: String = cell.chars().filter(kept).flat_map(char::to_lowercase).collect();
    // `share (%)`
    match name.strip_suffix('%') {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => name,
    }
}

/// The column that bears this name as its own; an owner and an owned entity also with `_id`.
fn own_name(name: &str) -> Option<Column> {
    let named = |name: &str| NAMES.iter().find(|(_, own, _)| *own == name).map(|(column, _, _)| *column);
    named(name).or_else(|| named(name.strip_suffix("id")?).filter(is_party))
}

/// The column that is meant by this name where its own is missing.
fn other_name(name: &str) -> Option<Column> {
    let known = |name: &str| NAMES.iter().find(|(_, _, others)| others.contains(&name)).map(|(column, _, _)| *column);
    let of_a_party = |(ending, owner, owned): (&str, Column, Column)| {
        let party = name.strip_suffix(ending)?;
        match own_name(party).or_else(|| known(party))? {
            C::Owner => Some(owner),
            C::Owned => Some(owned),
            _ => None,
        }
    };
    known(name)
        .or_else(|| known(name.strip_suffix("id")?).filter(is_party))
        .or_else(|| OF_A_PARTY.into_iter().find_map(of_a_party))
}

fn is_party(column: &Column) -> bool {
    matches!(column, C::Owner | C::Owned)
}

/// What to call a column in a sentence.
fn meaning(column: Column) -> &'static str {
    match column {
        C::Owned => "owned entity",
        C::Min => "lower end of the share",
        C::Max => "upper end of the share",
        other => NAMES[other as usize].1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Result<Header> {
        Header::read(&csv::StringRecord::from(text.split(',').collect::<Vec<_>>()), &Location::of("t").at_line(1))
    }

    #[test]
    fn the_table_stands_in_the_order_of_its_columns() {
        for (position, (column, _, _)) in NAMES.iter().enumerate() {
            assert_eq!(position, *column as usize);
        }
    }

    #[test]
    fn columns_are_known_under_their_many_names() {
        for text in [
            "owner,owned,share",
            "OWNER_ID,Owned Id,Share (%)",
            "parent,subsidiary,percent",
            "Shareholder,Company,%",
            "from,to,stake",
            "source,target,ownership",
            "holder_id,asset_id,percentage",
            ":START_ID,:END_ID,pct",
        ] {
            let header = header(text).expect(text);
            assert_eq!((header.owner.id, header.owned.id, header.share), (0, 1, Some(2)), "{text}");
            assert!(header.unread.is_empty() && header.source.is_none(), "{text}");
        }
        let all = header("parent,child,low,high,source,since,until,parent_name,child_country,colour").expect("header");
        assert_eq!((all.min, all.max, all.source), (Some(2), Some(3), Some(4)));
        assert_eq!((all.start, all.end), (Some(5), Some(6)));
        assert_eq!((all.owner.name, all.owned.jurisdiction), (Some(7), Some(8)));
        assert_eq!(all.unread, ["colour"]);
    }

    #[test]
    fn what_could_be_two_things_is_refused_unless_one_bears_the_own_name() {
        let message = |text| header(text).expect_err(text).to_string();
        assert_eq!(
            message("parent,shareholder,owned"),
            "t:1: the columns \"parent\" and \"shareholder\" could both be the owner: rename the one that is meant to \
             \"owner\""
        );
        assert_eq!(
            message("owner,company,subsidiary,stake"),
            "t:1: the columns \"company\" and \"subsidiary\" could both be the owned entity: rename the one that is \
             meant to \"owned\""
        );
        assert!(message("owner,owned,percent,stake").contains("could both be the share"));
        assert_eq!(message("owner,owner_id,owned"), "t:1: the header names the column \"owner\" twice");
        let own = header("owner,owned,share,from,to,percent").expect("own names count");
        assert_eq!(own.unread, ["from", "to", "percent"]);
    }
}
