//! What an answer about the record says of an account, in words: which events are not kept, and what may become of those
//! that are.

use crate::safe::visible;
use crate::words::{Lang, Phrase, phrases};

phrases! {
    NOT_KEPT: "{place} {class}", "{place}{class}";
    EVERYWHERE: "all regions:", "所有地域：";
    GLOBAL: "global services:", "全局服务：";
    READ: "reads", "读事件";
    WRITE: "writes", "写事件";
    OF_BUCKET: "bucket {name}: {risk}", "存储空间 {name}：{risk}";
    OF_ROLE: "role {name}: {risk}", "角色 {name}：{risk}";
    NOT_VERSIONED: "not versioned", "未开启版本控制，也无已锁定的合规保留策略";
    NOT_LOGGED: "accesses are not logged", "未记录访问日志";
    PUBLIC: "open to anyone", "对任何人开放";
    ASSUMED_BY_OTHERS: "people or other accounts may assume it", "用户或其他账号可扮演";
}

/// The value of a fact of the record; nothing when it is none of these.
pub(super) fn value(name: &str, value: &str, lang: Lang) -> Option<String> {
    match name {
        "not-kept" => {
            let (place, class) = value.rsplit_once(' ')?;
            let class = match class {
                "read" => &READ,
                "write" => &WRITE,
                _ => return None,
            };
            let place = match place {
                "all" => EVERYWHERE.plain(lang).into(),
                "global" => GLOBAL.plain(lang).into(),
                region => format!("{}{}", visible(region), lang.pick(":", "：")),
            };
            Some(NOT_KEPT.say(lang, &[("place", &place), ("class", class.plain(lang))]))
        }
        "at-risk" => {
            let (whose, risk) = value.split_once(": ")?;
            let (kind, name) = whose.split_once(' ')?;
            let of: &Phrase = match kind {
                "bucket" => &OF_BUCKET,
                "role" => &OF_ROLE,
                _ => return None,
            };
            let risk = match risk {
                "not versioned" => &NOT_VERSIONED,
                "not logged" => &NOT_LOGGED,
                "public" => &PUBLIC,
                "assumed by others" => &ASSUMED_BY_OTHERS,
                _ => return None,
            };
            Some(of.say(lang, &[("name", &visible(name)), ("risk", risk.plain(lang))]))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_that_are_not_kept_and_risks_are_told_in_both_languages() {
        let said =
            |name: &str, text: &str| [Lang::En, Lang::Zh].map(|lang| value(name, text, lang).unwrap_or_default());
        assert_eq!(said("not-kept", "cn-hangzhou read"), ["cn-hangzhou: reads", "cn-hangzhou：读事件"]);
        assert_eq!(said("not-kept", "global write"), ["global services: writes", "全局服务：写事件"]);
        assert_eq!(
            said("at-risk", "bucket logs: public"),
            ["bucket logs: open to anyone", "存储空间 logs：对任何人开放"]
        );
        assert_eq!(said("at-risk", "role w: assumed by others")[1], "角色 w：用户或其他账号可扮演");
        assert_eq!(value("at-risk", "something else", Lang::En), None);
        assert!(ALL.iter().all(|(_, phrase)| !phrase.en.is_empty() && !phrase.zh.is_empty()));
    }
}
