//! What an answer holds beside its proofs: rights by level, reach of a foothold, openness, a smaller policy.

use std::fmt::Write as _;

use xiezhi_policy::catalogue::Level;
use xiezhi_policy::escalate::{Foothold, pattern};
use xiezhi_review::ask::{Detail, Verdict};

use super::words as w;
use crate::safe::visible;
use crate::words::{Lang, Phrase};

/// The most services, powers and names that the text shows; JSON holds all.
const SHOWN: usize = 30;

pub(super) fn foothold(foothold: &Foothold, lang: Lang) -> String {
    match foothold {
        Foothold::Administrator => w::ADMINISTRATOR.plain(lang).to_owned(),
        Foothold::Outside => w::OUTSIDE.plain(lang).to_owned(),
        Foothold::User(name) => visible(&format!("user/{name}")).into_owned(),
        Foothold::AccessKey(name) => visible(&format!("key/{name}")).into_owned(),
        Foothold::Role(name) => visible(&format!("role/{name}")).into_owned(),
        Foothold::Group(name) => visible(&format!("group/{name}")).into_owned(),
        Foothold::Host(_, name) => visible(name).into_owned(),
        Foothold::Unseen => w::UNSEEN.plain(lang).to_owned(),
    }
}

fn level(level: Level) -> &'static Phrase {
    match level {
        Level::List => &w::LEVEL_LIST,
        Level::Read => &w::LEVEL_READ,
        Level::Unknown => &w::LEVEL_UNKNOWN,
        Level::Write => &w::LEVEL_WRITE,
        Level::Permissions => &w::LEVEL_PERMISSIONS,
    }
}

fn more(out: &mut String, left: usize, lang: Lang) {
    if left > 0 {
        let _ = writeln!(out, "  {}", w::MORE.say(lang, &[("n", &left.to_string())]));
    }
}

pub(super) fn write(out: &mut String, detail: &Detail, lang: Lang) {
    match detail {
        Detail::None | Detail::Enforced { .. } => {}
        Detail::Rights { surely, perhaps, future_actions, powerful } => {
            for (title, table) in [(&w::SURELY, surely), (&w::PERHAPS_RIGHTS, perhaps)] {
                if table.is_empty() {
                    continue;
                }
                let _ = writeln!(out, "\n{}", title.plain(lang));
                for (code, levels) in table.iter().take(SHOWN) {
                    let counts: Vec<String> =
                        levels.iter().map(|(of, count)| format!("{count} {}", level(*of).plain(lang))).collect();
                    let _ = writeln!(out, "  {}: {}", visible(code), counts.join(", "));
                }
                more(out, table.len().saturating_sub(SHOWN), lang);
            }
            if *future_actions == Verdict::Yes {
                let _ = writeln!(out, "{}", w::FUTURE.plain(lang));
            }
            if !powerful.is_empty() {
                let _ = writeln!(out, "\n{}", w::POWERFUL.plain(lang));
                for action in powerful.iter().take(SHOWN) {
                    let _ = writeln!(out, "  - {action}");
                }
                more(out, powerful.len().saturating_sub(SHOWN), lang);
            }
        }
        Detail::Blast { reached, perhaps, powers } => {
            let named = |name: &str| match name {
                "administrator" => w::ADMINISTRATOR.plain(lang).to_owned(),
                "outside" => w::OUTSIDE.plain(lang).to_owned(),
                "unseen" => w::UNSEEN.plain(lang).to_owned(),
                other => visible(other).into_owned(),
            };
            if !reached.is_empty() {
                let _ = writeln!(out, "\n{}", w::REACHED.plain(lang));
                for (name, _) in reached.iter().take(SHOWN) {
                    let _ = writeln!(out, "  - {}", named(name));
                }
                more(out, reached.len().saturating_sub(SHOWN), lang);
            }
            if !perhaps.is_empty() {
                let _ = writeln!(out, "\n{}", w::PERHAPS_REACHED.plain(lang));
                for name in perhaps.iter().take(SHOWN) {
                    let _ = writeln!(out, "  - {}", named(name));
                }
                more(out, perhaps.len().saturating_sub(SHOWN), lang);
            }
            if !powers.is_empty() {
                let _ = writeln!(out, "\n{}", w::POWERS.plain(lang));
                for power in powers.iter().take(SHOWN) {
                    let title = pattern(power.pattern).map_or("", |rule| lang.pick(rule.title, rule.zh));
                    let open = if power.verdict == Verdict::Yes { "" } else { w::MAYBE_MARK.plain(lang) };
                    let _ = writeln!(out, "  - {}: {title} [{}]{open}", visible(&power.whose), power.pattern);
                }
                more(out, powers.len().saturating_sub(SHOWN), lang);
            }
        }
        Detail::Exposure { public, ipv4_addresses } => {
            let phrase = match public {
                Verdict::Yes => &w::PUBLIC,
                Verdict::No => &w::NOT_PUBLIC,
                Verdict::Undecided => &w::PUBLIC_OPEN,
            };
            let _ = writeln!(out, "\n{}", phrase.plain(lang));
            if let Some(count) = ipv4_addresses {
                let _ = writeln!(out, "{}", w::ADDRESSES.say(lang, &[("n", &count.to_string())]));
            }
        }
        Detail::Lint { remarks, .. } => {
            let mut last: Option<(&str, &str)> = None;
            for remark in remarks {
                let (policy, source) = (remark.policy.as_str(), remark.source.as_str());
                if last.replace((policy, source)) != Some((policy, source)) {
                    let title = if source.is_empty() { &w::OF_POLICY } else { &w::OF_POLICY_IN };
                    let values = [("policy", visible(policy)), ("source", visible(source))];
                    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, &**value)).collect();
                    let _ = writeln!(out, "\n{}", title.say(lang, &values));
                }
                let word = match remark.word.is_empty() {
                    true => String::new(),
                    false => format!("{}`{}`", lang.pick(": ", "："), visible(&remark.word)),
                };
                let (line, column) = (remark.at.line.to_string(), remark.at.column.to_string());
                let message = lang.pick(remark.message.en, remark.message.zh);
                let values = [("line", line.as_str()), ("column", &column), ("message", message), ("word", &word)];
                let _ = writeln!(out, "  - {}", w::REMARK.say(lang, &values));
                if let Some(better) = &remark.suggestion {
                    let _ = writeln!(out, "    {}", w::BETTER.say(lang, &[("better", &visible(better))]));
                }
                let _ = writeln!(out, "    {}", lang.pick(remark.remedy.en, remark.remedy.zh));
            }
        }
        Detail::Minimised { text, not_granted, unused, used } => {
            let _ = writeln!(out, "{}", w::USED.say(lang, &[("n", &used.to_string())]));
            for action in not_granted {
                let _ = writeln!(out, "  {}", w::NOT_GRANTED.say(lang, &[("action", &visible(action))]));
            }
            for (statement, services) in unused {
                let list: Vec<String> =
                    services.iter().map(|(code, count)| format!("{code} {count}")).take(8).collect();
                let number = statement.statement.saturating_add(1).to_string();
                let _ = writeln!(out, "  {}", w::UNUSED.say(lang, &[("n", &number), ("list", &list.join(", "))]));
            }
            if let Some(text) = text {
                let _ = writeln!(out, "\n{}", xiezhi_read::secret::mask(text));
            }
        }
    }
}
