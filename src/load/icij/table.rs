//! The files of the database, known by their columns.

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Nodes(Nodes),
    /// Addresses are no parties.
    Addresses,
    /// Relationships, with the columns of both ends and of the type.
    Relations(Ends),
}

/// What kind of node a file lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nodes {
    Entities,
    Officers,
    Intermediaries,
    Others,
}

/// The columns that name a relationship: where it starts, what it is, where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ends {
    pub start: &'static str,
    pub kind: &'static str,
    pub end: &'static str,
}

/// The layouts of relationships: today's, that of the single leaks, and the first one.
const ENDS: [Ends; 3] = [
    Ends { start: "node_id_start", kind: "rel_type", end: "node_id_end" },
    Ends { start: "start_id", kind: "type", end: "end_id" },
    Ends { start: "node_1", kind: "rel_type", end: "node_2" },
];

/// Columns of which a file of nodes has one at least; no other table is known to have them.
const OF_THE_DATABASE: [&str; 2] = ["sourceid", "valid_until"];

/// The columns that tell the files of nodes from one another: the first row whose columns are all there counts.
const NODES: [(&[&str], Layout); 6] = [
    (&["ibcruc"], Layout::Nodes(Nodes::Entities)),
    (&["company_type"], Layout::Nodes(Nodes::Entities)),
    (&["type", "name"], Layout::Nodes(Nodes::Others)),
    (&["status", "name"], Layout::Nodes(Nodes::Intermediaries)),
    (&["address"], Layout::Addresses),
    (&["name"], Layout::Nodes(Nodes::Officers)),
];

/// A file with the places of its columns.
#[derive(Debug)]
pub(super) struct Table {
    pub layout: Layout,
    pub width: usize,
    columns: Vec<String>,
}

impl Table {
    /// The file that a header row begins.
    pub(super) fn of(header: &csv::StringRecord) -> Option<Self> {
        let columns: Vec<String> = header.iter().map(plain).collect();
        let has = |column: &&str| columns.iter().any(|known| known == column);
        let related = |ends: &&Ends| [ends.start, ends.kind, ends.end].iter().all(has);
        let known = OF_THE_DATABASE.iter().any(has);
        let layout = match ENDS.iter().find(related) {
            Some(ends) if known || has(&"link") || ends.kind == "rel_type" => Layout::Relations(*ends),
            _ if known && has(&"node_id") => NODES.iter().find(|(needed, _)| needed.iter().all(has))?.1,
            _ => return None,
        };
        Some(Self { layout, width: columns.len(), columns })
    }

    /// A column that the header names twice: which of them counts nobody can tell.
    pub(super) fn named_twice(&self) -> Option<&str> {
        let mut columns = self.columns.iter().enumerate();
        let twice = columns.find(|(place, column)| !column.is_empty() && self.columns[..*place].contains(column));
        twice.map(|(_, column)| column.as_str())
    }

    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known == column)
    }
}

/// A column name in lower case, without the variable that some releases put before it (`n.node_id`, `r.start_date`).
fn plain(cell: &str) -> String {
    let name = cell.trim().trim_start_matches(':').to_ascii_lowercase();
    name.strip_prefix("n.").or_else(|| name.strip_prefix("r.")).unwrap_or(&name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(header: &str) -> Option<Layout> {
        Table::of(&csv::StringRecord::from(header.split(',').collect::<Vec<_>>())).map(|table| table.layout)
    }

    #[test]
    fn every_file_is_known_by_its_header() {
        for (header, expected) in [
            (
                "node_id,name,original_name,former_name,jurisdiction,jurisdiction_description,company_type,address,\
                 internal_id,incorporation_date,inactivation_date,struck_off_date,dorm_date,status,service_provider,\
                 ibcRUC,country_codes,countries,sourceID,valid_until,note",
                Layout::Nodes(Nodes::Entities),
            ),
            ("node_id,name,countries,country_codes,sourceID,valid_until,note", Layout::Nodes(Nodes::Officers)),
            (
                "node_id,name,status,internal_id,address,countries,country_codes,sourceID,valid_until,note",
                Layout::Nodes(Nodes::Intermediaries),
            ),
            ("node_id,address,name,countries,country_codes,sourceID,valid_until,note", Layout::Addresses),
            (
                "node_id,name,type,incorporation_date,struck_off_date,closed_date,jurisdiction,\
                 jurisdiction_description,countries,country_codes,sourceID,valid_until,note",
                Layout::Nodes(Nodes::Others),
            ),
            ("node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID", Layout::Relations(ENDS[0])),
            ("START_ID,TYPE,END_ID,link,start_date,end_date,sourceID,valid_until", Layout::Relations(ENDS[1])),
            ("node_1,rel_type,node_2", Layout::Relations(ENDS[2])),
            ("address,icij_id,valid_until,country_codes,countries,node_id,sourceID", Layout::Addresses),
            ("name,icij_id,valid_until,country_codes,countries,node_id,sourceID", Layout::Nodes(Nodes::Officers)),
            ("n.node_id,n.name,n.valid_until", Layout::Nodes(Nodes::Officers)),
        ] {
            assert_eq!(layout(header), Some(expected), "{header}");
        }
        for other in ["owner,owned,share", "node_id,name", "start_id,type,end_id", "LEI,Entity.LegalName", ""] {
            assert_eq!(layout(other), None, "{other}");
        }
    }
}
