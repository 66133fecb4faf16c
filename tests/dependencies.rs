//! What the program is built from: every dependency from the registry of crates, under a licence that `deny.toml` allows.
//!
//! `cargo deny check` says more (several versions of one crate, advisories); this needs nothing but cargo.

use serde_json::Value;
use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

/// What cargo says.
fn cargo(arguments: &[&str]) -> Vec<u8> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments).args(["--locked", "--all-features"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = cargo.output().expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// What is compiled for this computer; `deny.toml` names the others. The lock file also holds what nothing here asks for.
fn packages() -> Vec<Value> {
    let tree = String::from_utf8(cargo(&["tree", "--prefix=none", "--format={p}"])).expect("text");
    let in_use: HashSet<String> =
        tree.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    let mut metadata: Value = serde_json::from_slice(&cargo(&["metadata", "--format-version=1"])).expect("JSON");
    let packages: Vec<Value> = serde_json::from_value(metadata["packages"].take()).expect("packages");
    let text = |package: &Value, key: &str| package[key].as_str().expect("a text").to_owned();
    let is_in_use = |package: &Value| {
        let name = text(package, "name");
        name != env!("CARGO_PKG_NAME") && in_use.contains(&format!("{name} v{}", text(package, "version")))
    };
    packages.into_iter().filter(is_in_use).collect()
}

/// The licences that `deny.toml` allows.
fn allowed() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    let text = std::fs::read_to_string(path).expect("deny.toml");
    let list = text.split_once("\nallow = [").and_then(|(_, rest)| rest.split_once(']')).expect("a list of licences").0;
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an expression of SPDX can be met; `/` is how older packages write `OR`.
fn can_be_met(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ");
    let mut words = expression.replace('(', " ( ").replace(')', " ) ");
    words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    any_of(&mut words.as_str(), allowed)
}

fn any_of(rest: &mut &str, allowed: &[String]) -> bool {
    let mut met = all_of(rest, allowed);
    while let Some(after) = rest.trim_start().strip_prefix("OR ") {
        *rest = after;
        met |= all_of(rest, allowed);
    }
    met
}

fn all_of(rest: &mut &str, allowed: &[String]) -> bool {
    let mut met = one(rest, allowed);
    while let Some(after) = rest.trim_start().strip_prefix("AND ") {
        *rest = after;
        met &= one(rest, allowed);
    }
    met
}

fn one(rest: &mut &str, allowed: &[String]) -> bool {
    if let Some(after) = rest.trim_start().strip_prefix("( ") {
        *rest = after;
        let met = any_of(rest, allowed);
        *rest = rest.trim_start().strip_prefix(')').expect("a closing bracket");
        return met;
    }
    let end = [" OR ", " AND ", " )"].iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
    let licence = rest[..end].trim();
    let met = allowed.iter().any(|known| known == licence);
    *rest = &rest[end..];
    met
}

#[test]
fn expressions_are_read_as_spdx_has_them() {
    let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"].map(str::to_owned);
    for good in [
        "MIT",
        "GPL-3.0 OR MIT",
        "MIT/Apache-2.0",
        "(MIT OR GPL-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(can_be_met(good, &allowed), "{good}");
    }
    for bad in
        ["GPL-3.0", "MIT AND GPL-3.0", "GPL-3.0 OR (MIT AND AGPL-3.0)", "GPL-2.0 WITH Classpath-exception-2.0", ""]
    {
        assert!(!can_be_met(bad, &allowed), "{bad}");
    }
}

#[test]
fn every_dependency_is_from_the_registry_under_a_permissive_licence() {
    let (packages, allowed) = (packages(), allowed());
    assert!(packages.len() > 100 && allowed.len() > 5, "{} packages, {allowed:?}", packages.len());
    for package in &packages {
        let name = format!("{} {}", package["name"], package["version"]);
        assert_eq!(package["source"], "registry+https://github.com/rust-lang/crates.io-index", "{name}");
        match package["license"].as_str() {
            Some(expression) => assert!(can_be_met(expression, &allowed), "{name}: {expression}"),
            None => assert!(has_the_mit_licence(package), "{name} names no licence that is allowed"),
        }
    }
}

/// Whether a package that names a file instead of an expression has the MIT licence in it.
fn has_the_mit_licence(package: &Value) -> bool {
    let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
    let file = package["license_file"].as_str().map(|file| manifest.with_file_name(file));
    let text = file.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    text.starts_with("MIT License") && text.contains("Permission is hereby granted, free of charge")
}
