#![no_main]

use cuibono_fuzz::pictures::{Wish, check};
use cuibono_fuzz::small_graph::SmallGraph;

libfuzzer_sys::fuzz_target!(|input: (Wish, SmallGraph)| check(&input.1, &input.0));
