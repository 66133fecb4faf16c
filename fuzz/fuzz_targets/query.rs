#![no_main]

use cuibono_fuzz::questions::{Question, ask};
use cuibono_fuzz::small_graph::SmallGraph;

libfuzzer_sys::fuzz_target!(|input: (Question, SmallGraph)| ask(&input.1, &input.0));
