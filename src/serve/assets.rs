//! The files of the page, compiled in and found by their exact name.

/// Path, media type, bytes.
type Asset = (&'static str, &'static str, &'static [u8]);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

const ASSETS: &[Asset] = &[
    ("/", HTML, include_bytes!("page/index.html")),
    ("/app/style.css", CSS, include_bytes!("page/style.css")),
    ("/app/actions.js", SCRIPT, include_bytes!("page/app/actions.js")),
    ("/app/api.js", SCRIPT, include_bytes!("page/app/api.js")),
    ("/app/camera.js", SCRIPT, include_bytes!("page/app/camera.js")),
    ("/app/chart.js", SCRIPT, include_bytes!("page/app/chart.js")),
    ("/app/dialogs.js", SCRIPT, include_bytes!("page/app/dialogs.js")),
    ("/app/dom.js", SCRIPT, include_bytes!("page/app/dom.js")),
    ("/app/evidence.js", SCRIPT, include_bytes!("page/app/evidence.js")),
    ("/app/exports.js", SCRIPT, include_bytes!("page/app/exports.js")),
    ("/app/filters.js", SCRIPT, include_bytes!("page/app/filters.js")),
    ("/app/format.js", SCRIPT, include_bytes!("page/app/format.js")),
    ("/app/keys.js", SCRIPT, include_bytes!("page/app/keys.js")),
    ("/app/main.js", SCRIPT, include_bytes!("page/app/main.js")),
    ("/app/messages.js", SCRIPT, include_bytes!("page/app/messages.js")),
    ("/app/panel.js", SCRIPT, include_bytes!("page/app/panel.js")),
    ("/app/search.js", SCRIPT, include_bytes!("page/app/search.js")),
    ("/app/state.js", SCRIPT, include_bytes!("page/app/state.js")),
    ("/app/table.js", SCRIPT, include_bytes!("page/app/table.js")),
    ("/app/theme.js", SCRIPT, include_bytes!("page/app/theme.js")),
    ("/app/time.js", SCRIPT, include_bytes!("page/app/time.js")),
    ("/app/toolbar.js", SCRIPT, include_bytes!("page/app/toolbar.js")),
    ("/app/types.js", SCRIPT, include_bytes!("page/app/types.js")),
    ("/app/verdicts.js", SCRIPT, include_bytes!("page/app/verdicts.js")),
];

/// The asset of a path.
pub(super) fn find(path: &str) -> Option<(&'static str, &'static [u8])> {
    ASSETS.iter().find(|(known, _, _)| *known == path).map(|&(_, kind, bytes)| (kind, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_page_is_served() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve/page/app");
        for entry in std::fs::read_dir(folder).expect("the folder") {
            let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
            assert!(find(&format!("/app/{name}")).is_some(), "{name}");
        }
        let page = std::str::from_utf8(find("/").expect("the page").1).expect("UTF-8");
        for part in page.split(['"', '\'']).filter(|part| part.starts_with('/') && part.len() > 1) {
            assert!(find(part).is_some(), "{part}");
        }
        assert!(find("/app").is_none() && find("/app/").is_none() && find("/app/../").is_none());
    }
}
