//! The command `cuibono`. See the library for everything but the arguments.

use std::process::ExitCode;

fn main() -> ExitCode {
    cuibono::cli::told(|| cuibono::cli::run(std::env::args_os())).into()
}
