//! The files of the page, compiled in and found by their exact name.

/// Path, media type, bytes.
type Asset = (&'static str, &'static str, &'static [u8]);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

const ASSETS: &[Asset] = &[
    ("/", HTML, include_bytes!("page/index.html")),
    ("/app/style.css", CSS, include_bytes!("page/style.css")),
    ("/app/main.js", SCRIPT, include_bytes!("page/app/main.js")),
];

/// The asset of a path.
pub(super) fn find(path: &str) -> Option<(&'static str, &'static [u8])> {
    ASSETS.iter().find(|(known, _, _)| *known == path).map(|&(_, kind, bytes)| (kind, bytes))
}
