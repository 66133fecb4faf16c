//! The example programs, included as modules: `cargo test` builds them anyway, and so their answers are looked at too
//! without starting cargo from within a test.

#[path = "../examples/ask.rs"]
#[allow(dead_code)]
mod ask;
#[path = "../examples/draw.rs"]
#[allow(dead_code)]
mod draw;
#[path = "../examples/walk.rs"]
#[allow(dead_code)]
mod walk;

#[test]
fn ask_tells_owners_and_controllers() {
    let answer = ask::answer("2021-05-31").expect("an answer");
    assert!(answer.starts_with("NSO Group Technologies Ltd on 2021-05-31\n"), "{answer}");
    assert!(answer.contains("Oregon Public Employees Retirement Fund gets 0 to 13.79 %\n"), "{answer}");
    assert!(answer.contains("Novalpina Capital Partners I GP S.à r.l. controls it by way of NOAL SCSp"), "{answer}");
    assert!(ask::answer("yesterday").is_err());
}

#[test]
fn walk_runs_the_algorithms_of_petgraph() {
    assert_eq!(
        walk::answer().expect("an answer"),
        "above the works: fund-a, fund-b, bank-1, trust, bank-2, family\n\
         above it in 2021: fund-a, fund-b, trust, family\n\
         circle: bank-1, bank-2\n\
         on every chain from the family to the works: trust, family\n"
    );
}

#[test]
fn draw_makes_a_picture() {
    let (svg, dot) = draw::answer().expect("a picture");
    for text in ["Example Works GmbH", "Ann Example", "60 %"] {
        assert!(svg.contains(text) && dot.contains(text), "{text}");
    }
    assert!(svg.trim_end().ends_with("</svg>") && dot.starts_with("digraph"));
}
