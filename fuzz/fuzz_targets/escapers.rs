#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some((&sink, text)) = bytes.split_first() {
        cuibono_fuzz::sinks::check(sink, &String::from_utf8_lossy(text));
    }
});
