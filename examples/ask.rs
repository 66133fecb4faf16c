//! Asks who owns and who controls NSO Group on a day: `cargo run --example ask -- 2021-05-31`.

use cuibono::error::Result;
use cuibono::load;
use cuibono::model::AsOf;
use cuibono::query::control::{Certainty, Threshold};
use cuibono::query::owners::Rows;
use cuibono::search::{EntityNames, Resolution};
use std::fmt::Write;

/// Who owns and who controls NSO Group on a day, line by line.
pub fn answer(day: &str) -> Result<String> {
    // The dataset that is compiled in. `Loader::new()` reads files of your own into the same type.
    let graph = load::built_in()?;
    let mut out = String::new();

    // People know names, the graph knows nodes. A name that fits several entities is never guessed at.
    let names = EntityNames::of(&graph);
    let Resolution::One(hit) = names.index().resolve("NSO") else {
        return Ok("say more precisely whom you mean".to_owned());
    };
    let subject = names.node(&hit);
    let _ = writeln!(out, "{} on {day}", graph.entity(subject).name());

    // A view is the graph as it stood on one day. It borrows the graph and costs nothing to make.
    let view = graph.view(day.parse::<AsOf>()?);

    // Every share is a range: what is unknown stays visible and is neither 0 nor 100.
    for owner in view.owners_of(subject, Rows { ultimate: true, ..Rows::default() })?.owners {
        let share = owner.effective;
        let _ = writeln!(out, "  {} gets {} to {} %", owner.entity.name(), share.min, share.max);
    }

    // Control is another question than ownership, and its answer brings the steps that prove it.
    for row in view.controllers_of(subject, Threshold::default())?.controllers {
        if row.control == Certainty::Certain && row.ultimate {
            let steps: Vec<&str> = row.because.iter().map(|step| step.owned.name()).collect();
            let _ = writeln!(out, "  {} controls it by way of {}", row.entity.name(), steps.join(", "));
        }
    }
    Ok(out)
}

/// Prints it.
pub fn main() -> Result<()> {
    let day = std::env::args().nth(1).unwrap_or_else(|| "2021-05-31".to_owned());
    print!("{}", answer(&day)?);
    Ok(())
}
