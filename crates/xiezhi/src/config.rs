//! Configuration: from `--config FILE`, else from the user's own configuration folder. Never from evidence.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use xiezhi_report::Lang;
use xiezhi_rule::Severity;

use crate::output::Said;

/// What can be configured; arguments win over it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    lang: Option<String>,
    fail_on: Option<String>,
    /// Exit with 0 instead of 3 when nothing is proven but something stays undecided.
    #[serde(default)]
    pub allow_unknown: bool,
    /// More check folders, relative to the configuration file.
    #[serde(default)]
    pub checks: Vec<PathBuf>,
    /// The waiver file, relative to the configuration file.
    pub waivers: Option<PathBuf>,
}

impl Config {
    /// The language.
    pub fn lang(&self) -> Option<Lang> {
        match self.lang.as_deref() {
            Some("en") => Some(Lang::En),
            Some("zh") => Some(Lang::Zh),
            _ => None,
        }
    }

    /// The threshold.
    pub fn fail_on(&self) -> Option<Severity> {
        let name = self.fail_on.as_deref()?;
        Severity::ALL.into_iter().find(|severity| severity.as_str() == name)
    }
}

/// Loads the configuration. A file that was named must be there; the one in the user's folder may be missing.
pub fn load(named: Option<&Path>) -> Result<Config, Said> {
    let (path, must) = match named {
        Some(path) => (path.to_owned(), true),
        None => match user_file() {
            Some(path) => (path, false),
            None => return Ok(Config::default()),
        },
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if !must && error.kind() == std::io::ErrorKind::NotFound => return Ok(Config::default()),
        Err(error) => return Err(Said::unread("configuration", "配置", &path, &error)),
    };
    let shown = path.display();
    let mut config: Config = toml::from_str(&text).map_err(|error| {
        Said::new(format!("the configuration `{shown}`: {error}"), format!("配置 `{shown}`：{error}"))
    })?;
    if config.lang.is_some() && config.lang().is_none() {
        return Err(Said::new(
            format!("the configuration `{shown}`: `lang` is `en` or `zh`"),
            format!("配置 `{shown}`：`lang` 应为 `en` 或 `zh`"),
        ));
    }
    if config.fail_on.is_some() && config.fail_on().is_none() {
        return Err(Said::new(
            format!("the configuration `{shown}`: `fail_on` is critical, high, medium, low or info"),
            format!("配置 `{shown}`：`fail_on` 应为 critical、high、medium、low 或 info"),
        ));
    }
    let base = path.parent().map(Path::to_owned).unwrap_or_default();
    config.checks = config.checks.iter().map(|path| base.join(path)).collect();
    config.waivers = config.waivers.map(|path| base.join(path));
    Ok(config)
}

fn user_file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")))?;
    Some(folder.join("xiezhi").join("config.toml"))
}
