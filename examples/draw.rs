//! Draws a small structure of one's own as SVG: `cargo run --example draw > structure.svg`.

use cuibono::diagram::layout::{LayoutOptions, layout};
use cuibono::error::{Error, Result};
use cuibono::export::chart::{self, ChartOptions};
use cuibono::export::{dot, svg};
use cuibono::load::Loader;

/// Plain edges: only `owner` and `owned` are needed, everything else is filled in where it is known.
const CASE: &str = "\
owner,owned,share,kind,owner_name,owner_kind,owner_jurisdiction,owned_name,owned_jurisdiction
p1,h1,60,,Ann Example,person,GB,Example Holding Ltd,VG
p2,h1,,,Bob Example,person,CY,,
h1,w,75-100,,,,,Example Works GmbH,DE
m,h1,,manager,Example Managers LLP,arrangement,GB,,
";

/// The picture as SVG, and as DOT for Graphviz.
pub fn answer() -> Result<(String, String)> {
    let mut loader = Loader::new();
    loader.read_text("case.csv", CASE)?;
    let graph = loader.finish()?;
    let works = graph.node_by_id("w").expect("in the case");

    // What is drawn: boxes and lines, no coordinates and no format yet.
    let chart = chart::around(graph.view("2026-01-01".parse()?), works, &ChartOptions::default())?;

    // Where it is drawn: one layout for every format. A chart that is too large to be read is refused.
    let places = layout(&chart, &LayoutOptions::default()).map_err(|error| Error::usage(error.to_string()))?;
    Ok((svg::to_string(&chart, &places), dot::to_string(&chart)))
}

/// Prints it.
pub fn main() -> Result<()> {
    let (svg, _dot) = answer()?;
    print!("{svg}");
    Ok(())
}
