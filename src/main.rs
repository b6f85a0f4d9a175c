//! The thin binary: everything is in the library.

use std::process::ExitCode;

/// glibc's allocator fragments under many large buffers that come and go.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    callfirst::cli::main()
}
