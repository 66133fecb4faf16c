#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| cuibono_fuzz::typed::check(text));
