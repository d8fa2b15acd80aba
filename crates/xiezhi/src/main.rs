//! The program: arguments, environment, clock, printing, exit codes. It decides nothing that the library decides.

mod args;
mod ask;
mod commands;
mod config;
mod help;
mod output;

use std::process::ExitCode;

use crate::args::Command;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = output::short_key_ids(std::env::args_os());
    let lang = help::language(&args);
    if let Some(message) = output::refuse_credentials(args.iter().skip(1)) {
        return output::failed(&message, lang);
    }
    let cli = match help::parse(args, lang) {
        Ok(cli) => cli,
        Err(instead) => return instead.print(lang),
    };
    let config = match config::load(cli.config.as_deref()) {
        Ok(config) => config,
        Err(message) => return output::failed(&message, lang),
    };
    let done = match cli.command {
        Command::Review(args) => commands::review::run(args, &config, lang),
        Command::Explain(args) => commands::explain::run(args, &config, lang),
        Command::List(args) => commands::list::run(args, &config, lang),
        Command::Ask(args) => ask::run(args, lang),
        Command::TestChecks(args) => commands::test_checks::run(&args, lang),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(message) => output::failed(&message, lang),
    }
}
