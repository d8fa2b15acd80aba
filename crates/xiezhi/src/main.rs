//! The program: arguments, environment, clock, printing, exit codes. It decides nothing that the library decides.

mod args;
mod ask;
mod commands;
mod config;
mod output;

use std::process::ExitCode;

use clap::Parser;
use xiezhi_report::Lang;

use crate::args::{Cli, Command, LangArg};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = output::short_key_ids(std::env::args_os());
    if let Some(message) = output::refuse_credentials(args.iter().skip(1)) {
        return output::failed(&message);
    }
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // `--help` and `--version` are answers too: on standard output, with 0.
            let code = if error.use_stderr() { output::COULD_NOT } else { output::NOTHING_FOUND };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let config = match config::load(cli.config.as_deref()) {
        Ok(config) => config,
        Err(message) => return output::failed(&message),
    };
    let lang = match cli.lang {
        Some(LangArg::En) => Lang::En,
        Some(LangArg::Zh) => Lang::Zh,
        None => config.lang().unwrap_or_else(output::locale),
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
        Err(message) => output::failed(&message),
    }
}
