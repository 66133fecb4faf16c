#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = cuibono::load::matches::read("matches.csv", text);
});
