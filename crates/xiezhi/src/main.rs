//! The program: arguments, environment, clock, printing, exit codes.
fn main() {}
