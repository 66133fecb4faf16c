#![no_main]

libfuzzer_sys::fuzz_target!(|damage: cuibono_fuzz::index_files::Damage| cuibono_fuzz::index_files::check(&damage));
