//! Who ultimately owns what: corporate ownership as a graph with exact share ranges, control, dates and sources.
//!
//! The types, in the order in which one meets them:
//!
//! 1. A [`Loader`](load::Loader) reads files, folders, archives or text into one graph;
//!    [`load::built_in`] gives the dataset that is compiled in, the structure around NSO Group.
//! 2. The [`OwnershipGraph`](graph::OwnershipGraph) holds every [`Entity`](graph::Entity) and every interest between two
//!    of them, whatever its day. It is immutable and implements [petgraph's visit traits](graph::petgraph), so that
//!    petgraph's algorithms run on it. [`EntityNames`](search::EntityNames) finds entities by name.
//! 3. A [`View`](graph::View) is the graph as a question sees it: on one [day](model::AsOf), in one
//!    [layer](model::Layer) (money or votes), from a [confidence](model::Confidence) upward. It is a few bytes and copies
//!    nothing.
//! 4. **Questions** are methods of the view: [`owners_of`](graph::View::owners_of),
//!    [`holdings_of`](graph::View::holdings_of), [`controllers_of`](graph::View::controllers_of),
//!    [`paths`](graph::View::paths), [`circular_groups`](graph::View::circular_groups) and more.
//! 5. An **answer** is a plain value with its evidence: each row carries its interests and their sources, every
//!    share is a [range](query::PercentRange), every answer serialises to the JSON that the program prints.
//! 6. A [`Diagram`](diagram::Diagram) is what is drawn of a view; [`export`] writes it as SVG, PNG, DOT, Mermaid or HTML.
//!
//! The lifetime `'g` is always a borrow of one [`OwnershipGraph`](graph::OwnershipGraph): views, entities and answers
//! live as long as the graph that they speak of.
//!
//! ```
//! use cuibono::query::owners::Rows;
//!
//! let graph = cuibono::load::built_in()?;
//! let nso = graph.node_by_id("nso-group-technologies-ltd").expect("in the data");
//!
//! // The graph as it stood on 31 May 2021.
//! let view = graph.view("2021-05-31".parse()?);
//! let answer = view.owners_of(nso, Rows::default())?;
//!
//! // The fund held 70 % of a company above. What lies between was not published: at most 70 %, perhaps nothing.
//! let fund = answer.owners.iter().find(|row| row.entity.name() == "NOAL SCSp").expect("among the owners");
//! assert_eq!((fund.effective.min, fund.effective.max), (0.0, 70.0));
//! assert!(fund.sources().contains(&"S12"));
//! # Ok::<(), cuibono::error::Error>(())
//! ```
//!
//! # Map of the crate
//!
//! | module | what it holds |
//! |---|---|
//! | [`model`] | the vocabulary: entities, interests, shares, dates, jurisdictions, sources; plain values |
//! | [`load`] | bytes → graph: formats, archives, folders, limits |
//! | [`graph`] | the graph, its builder, views, petgraph's traits |
//! | [`search`] | names → entities: folding, transliteration, inexact matches |
//! | [`query`] | questions → answers with evidence |
//! | [`diagram`] | what is drawn, and where: boxes, lines, layout; knows nothing of ownership graphs |
//! | [`export`] | views → diagrams → SVG, PNG, DOT, Mermaid, HTML; views → the formats of other programs |
//! | [`escape`] | text made safe for each output format |
//! | [`error`], [`problem`] | what stops a run; what is wrong with the data and stops nothing |
//! | `serve` | the local page: questions over HTTP on this computer (feature `serve`) |
//! | `distributed` | answers about whole graphs on several machines (feature `distributed`, not a default) |
//! | `cli` | the program: arguments → library calls → text (feature `cli`) |
//!
//! `DESIGN.md` beside the sources says which module may use which, where the definitions stand and how to add to it.
//!
//! # Features
//!
//! All but `distributed` are on by default. `cli`: the program. `png`, `pdf`: pictures as PNG and PDF. `parquet`: tables as Parquet. `serve`: the
//! local page. A library that needs none of them depends on the crate with `default-features = false`.

#[cfg(feature = "cli")]
pub mod cli;
mod columnar;
pub mod diagram;
#[cfg(feature = "distributed")]
pub mod distributed;
pub mod error;
pub mod escape;
pub mod export;
pub mod graph;
pub mod index;
pub mod load;
mod mapped;
pub mod model;
pub mod problem;
pub mod query;
pub mod search;
#[cfg(feature = "serve")]
pub mod serve;
